/** Whether a file holds tests, by the ways that the usual languages and test runners name them. */
export function isTest(path: string): boolean {
  return (
    /(^|\/)(tests?|specs?|__tests__)\/|[._-](test|spec)s?\.[^/]+$|(^|\/)test_[^/]+$/i.test(path) ||
    /[A-Za-z0-9](Tests?|IT|Spec)\.(java|kts?|cs|scala|swift|groovy|php)$/.test(path)
  );
}

/** Whether a file is code, as far as its name tells: no prose, data, picture or markup. */
export function isCode(path: string): boolean {
  return !/\.(md|markdown|txt|rst|adoc|json|jsonc|ya?ml|toml|ini|cfg|lock|svg|png|jpe?g|gif|ico|csv|html?|css|license)$|(^|\/)(LICENSE|NOTICE|AUTHORS|\.[^/]+)$/i.test(
    path,
  );
}
