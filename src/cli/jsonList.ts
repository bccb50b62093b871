/**
 * One JSON document with a list that is written as it comes, so that a long history is never held as a whole.
 *
 * @param head the fields before the list, at least `schema`
 * @param end the fields behind it, asked for when the list is over
 */
export async function writeJsonList(
  out: (text: string) => void,
  head: { readonly schema: string },
  [name, items]: readonly [name: string, items: AsyncIterable<object>],
  end: () => object = () => ({}),
): Promise<void> {
  out(`${fields(head)},${JSON.stringify(name)}:[`);
  let separator = '';
  for await (const item of items) {
    out(`${separator}${JSON.stringify(item)}`);
    separator = ',';
  }
  const rest = fields(end()).slice(1);
  out(`]${rest === '' ? '' : ','}${rest}}\n`);
}

/** An object as it is written, but for the bracket that closes it. */
function fields(value: object): string {
  return JSON.stringify(value).slice(0, -1);
}
