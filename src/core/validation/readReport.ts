import { InvictiJsonReader, InvictiXmlReader, invictiRoots } from './invicti.ts';
import { JsonReader, type JsonValue, type Wanted } from './jsonReader.ts';
import { JunitReader, junitRoots } from './junit.ts';
import { MendReader } from './mend.ts';
import { NpmAuditReader } from './npmAudit.ts';
import { type Report, ReportError } from './report.ts';
import { SarifReader } from './sarif.ts';
import { XmlReader } from './xmlReader.ts';
import { ZapReader } from './zap.ts';

/** The bytes of a file, from its beginning each time it is asked for. */
export type Bytes = () => AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/**
 * Reads a file of results of any format that is known, which is told by what is in it. Memory does not grow with its length.
 *
 * @throws {ReportError} a line that says what is wrong with it
 */
export async function readReport(bytes: Bytes): Promise<Report> {
  const head = await headOf(bytes);
  if (head.length === 0) throw new ReportError('is empty');
  const encoding = encodingOf(head);
  const first = new TextDecoder(encoding).decode(head).trimStart()[0];
  if (first === '<') return await readXml(bytes, encoding === 'utf-8' ? declaredEncoding(head) : encoding);
  if (first === '{') return await readJson(bytes, encoding);
  throw new ReportError(unknownFormat);
}

const unknownFormat =
  'is of no format that is known: SARIF 2.1.0, ZAP JSON, Invicti JSON or XML, Mend SCA JSON, npm audit JSON or JUnit XML';

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Bytes at the beginning that tell the encoding and the format. */
const headLength = 1024;

async function headOf(bytes: Bytes): Promise<Uint8Array> {
  const head = new Uint8Array(headLength);
  let length = 0;
  for await (const chunk of bytes()) {
    const part = chunk.subarray(0, headLength - length);
    head.set(part, length);
    length += part.length;
    if (length === headLength) break;
  }
  return head.subarray(0, length);
}

/** By the byte order mark: PowerShell writes UTF-16 where output is redirected into a file. */
function encodingOf([a, b]: Uint8Array): Encoding {
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  return a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8';
}

async function readJson(bytes: Bytes, encoding: Encoding): Promise<Report> {
  const format = await jsonFormat(bytes, encoding);
  for await (const chunk of inUtf8(bytes, encoding)) format.reader.write(chunk);
  format.reader.end();
  return format.report();
}

interface JsonFormat {
  readonly reader: JsonReader;
  report(): Report;
}

/** Told by the first key of the document that only one format has. */
async function jsonFormat(bytes: Bytes, encoding: Encoding): Promise<JsonFormat> {
  let found: JsonFormat | undefined;
  const is = (make: () => JsonFormat): Wanted => ({
    begin: () => {
      found ??= make();
    },
    take: () => {
      found ??= make();
    },
  });
  const sarif = is(() => new SarifReader());
  const zap = is(() => new ZapReader());
  const mend = is(() => new MendReader());
  const invicti = is(() => new InvictiJsonReader());
  const reader = new JsonReader({
    within: {
      $schema: { take: (value: JsonValue) => void (String(value).includes('sarif') && sarif.take?.(value)) },
      runs: sarif,
      inlineExternalProperties: sarif,
      auditReportVersion: is(() => new NpmAuditReader()),
      site: zap,
      '@programName': zap,
      insights: zap,
      Vulnerabilities: invicti,
      libraries: mend,
      response: mend,
      vulnerabilities: {
        begin: (kind) => {
          found ??= kind === 'array' ? new MendReader() : new NpmAuditReader();
        },
      },
    },
  });
  for await (const chunk of inUtf8(bytes, encoding)) {
    reader.write(chunk);
    if (found) return found;
  }
  reader.end();
  throw new ReportError(unknownFormat);
}

/** As the JSON reader takes it, without a byte order mark. */
async function* inUtf8(bytes: Bytes, encoding: Encoding): AsyncGenerator<Uint8Array> {
  if (encoding !== 'utf-8') {
    const encoder = new TextEncoder();
    for await (const text of inText(bytes, encoding)) yield encoder.encode(text);
    return;
  }
  const mark = [0xef, 0xbb, 0xbf];
  let matched: number | undefined = 0;
  for await (const chunk of bytes()) {
    let from = 0;
    while (matched !== undefined && from < chunk.length) {
      matched = chunk[from] === mark[matched] && matched < mark.length ? matched + 1 : undefined;
      if (matched !== undefined) from++;
    }
    if (from < chunk.length) yield chunk.subarray(from);
  }
}

async function* inText(bytes: Bytes, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of bytes()) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

interface XmlFormat {
  readonly reader: XmlReader;
  report(): Report;
}

async function readXml(bytes: Bytes, encoding: string): Promise<Report> {
  const format = await xmlFormat(bytes, encoding);
  for await (const text of inText(bytes, encoding)) format.reader.write(text);
  format.reader.end();
  return format.report();
}

/** Told by the document's own element. */
async function xmlFormat(bytes: Bytes, encoding: string): Promise<XmlFormat> {
  let root: string | undefined;
  const reader = new XmlReader({
    begin: (name) => {
      root ??= name;
    },
    end: () => undefined,
  });
  for await (const text of inText(bytes, encoding)) {
    reader.write(text);
    if (root === undefined) continue;
    if (junitRoots.includes(root)) return new JunitReader();
    if (invictiRoots.includes(root)) return new InvictiXmlReader();
    throw new ReportError(unknownFormat);
  }
  throw new ReportError(unknownFormat);
}

/** The encoding that XML names, where no byte order mark tells. */
function declaredEncoding(head: Uint8Array): string {
  const [, name = 'utf-8'] =
    /^[^<]*<\?xml[^>]*encoding=["']([\w.:-]+)["']/.exec(new TextDecoder('latin1').decode(head)) ?? [];
  if (/^(?:utf-8|us-ascii|iso-8859-(?:1|15)|windows-125[0-8])$/i.test(name)) return name.toLowerCase();
  throw new ReportError(`is in ${name}, an encoding that is not read`);
}
