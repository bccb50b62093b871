import assert from 'node:assert/strict';
import { namedFile, pathInRepository, type UriBase } from '../../../src/core/validation/uris.ts';

function path(uri: string, base?: string, bases: Record<string, UriBase> = {}, top = '/home/dev/project') {
  const file = namedFile(uri, base, new Map(Object.entries(bases)));
  return file && pathInRepository(file, top);
}

describe('paths that a report names', () => {
  const top = { SRC: { uri: 'file:///home/dev/project/' } };
  const inside: readonly (readonly [expected: string, uri: string, base?: string, bases?: Record<string, UriBase>])[] =
    [
      ['src/a.js', 'src/a.js'],
      ['src/a.js', './src/../src//a.js'],
      ['src/a.js', 'src\\a.js'],
      ['a b.js', 'a%20b.js'],
      ['100%.js', '100%.js'],
      ['a.js', 'file:///home/dev/project/a.js'],
      ['a.js', 'file://localhost/home/dev/project/a.js'],
      ['a.js', '/home/dev/project/x/../a.js'],
      ['a.js', 'a.js', 'SRC', top],
      ['lib/a.js', 'a.js', 'LIB', { ...top, LIB: { uri: 'lib/', base: 'SRC' } }],
      ['a.js', 'a.js', '%SRCROOT%'],
      ['a.js', 'a.js', 'CI', { CI: { uri: 'file:///ci/build/' } }],
    ];
  for (const [expected, uri, base, bases] of inside) {
    it(`${uri} is ${expected}`, () => assert.equal(path(uri, base, bases), expected));
  }

  it('on Windows, whatever the case of the drive', () => {
    assert.equal(path('C:\\Work\\src\\a.js', undefined, {}, 'c:\\Work'), 'src/a.js');
    assert.equal(path('file:///C:/Work/a.js', undefined, {}, 'C:/Work'), 'a.js');
  });

  const outside = [
    ...['../a.js', '../../etc/passwd', 'a/../../b', '/etc/passwd', 'file:///etc/passwd', '/home/dev/project'],
    ...['/home/dev/project2/a.js', '/home/dev/project/../x.js', 'a\0b', 'a%00b', '', '.', 'https://example.com/a.js'],
    ...['%2e%2e/a.js', '..\\a.js', 'C:\\a.js', 'file://server/share/a.js'],
  ];
  for (const uri of outside) {
    it(`${JSON.stringify(uri)} is outside`, () => assert.equal(path(uri), undefined));
  }

  it('bases in a circle come to an end', () => {
    assert.equal(
      path('a.js', 'A', { A: { uri: 'a/', base: 'B' }, B: { uri: 'b/', base: 'A' } })?.endsWith('/a.js'),
      true,
    );
  });
});
