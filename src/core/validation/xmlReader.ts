import sax from 'sax';
import { ReportError } from './report.ts';

declare module 'sax' {
  // Missing from its types.
  let MAX_BUFFER_LENGTH: number;
  interface SAXOptions {
    strictEntities?: boolean;
  }
}

/** An element as it ends: its own text, cut where it is long. */
export interface XmlElement {
  /** As it is written, its namespace's prefix included. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface XmlHandler {
  /** @param path the names of the elements around it, from the outside */
  begin?(name: string, path: readonly string[]): void;
  /** @param path the names of the elements around it, from the outside */
  end(element: XmlElement, path: readonly string[]): void;
}

/** Elements within each other. */
const maxDepth = 200;
/** Text of one element that is kept, in UTF-16 units. */
const maxText = 8_192;

// A failure's message stands in an attribute, and may be long; the parser gives up above this, in UTF-16 units.
sax.MAX_BUFFER_LENGTH = 8 * 1024 * 1024;

interface Open {
  readonly name: string;
  readonly attributes: Record<string, string>;
  text: string;
}

/**
 * Reads an XML document by pieces. Only XML's own five entities and numeric ones are known: a document type with definitions of
 * its own is refused, so that nothing is expanded and nothing fetched.
 */
export class XmlReader {
  readonly #parser = sax.parser(true, { strictEntities: true, position: true });
  readonly #path: string[] = [];
  readonly #open: Open[] = [];
  #isDone = false;

  constructor(handler: XmlHandler) {
    const parser = this.#parser;
    parser.onerror = (error) => {
      throw error instanceof ReportError ? error : new ReportError(`is not XML (line ${parser.line + 1})`);
    };
    parser.ondoctype = (definition) => {
      if (/[[<]/.test(definition))
        throw new ReportError('has a document type with definitions of its own, which are not read');
    };
    parser.onopentag = ({ name, attributes }) => {
      if (this.#open.length >= maxDepth) throw new ReportError(`is nested deeper than ${maxDepth} levels`);
      handler.begin?.(name, this.#path);
      this.#path.push(name);
      this.#open.push({ name, attributes: attributes as Record<string, string>, text: '' });
    };
    parser.ontext = (text) => this.#addText(text);
    parser.oncdata = (text) => this.#addText(text);
    parser.onclosetag = () => {
      const element = this.#open.pop();
      this.#path.pop();
      if (element) handler.end(element, this.#path);
      if (this.#open.length === 0) this.#isDone = true;
    };
  }

  #addText(text: string): void {
    const element = this.#open.at(-1);
    if (element && element.text.length < maxText) element.text += text.slice(0, maxText - element.text.length);
  }

  /** @throws {ReportError} where it is not XML, or beyond all measure */
  write(text: string): void {
    this.#parser.write(text);
  }

  /** @throws {ReportError} where the document is not complete */
  end(): void {
    if (!this.#isDone) throw new ReportError('ends in the middle: is it complete?');
    this.#parser.close();
  }
}
