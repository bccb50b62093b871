/** Text for the label of a list: what would be an icon in it (`$(name)`) is shown as it stands. */
export function plainText(text: string): string {
  return text.replace(/\$\([\w-]+(?:~[\w-]+)?\)/g, '\\$&');
}
