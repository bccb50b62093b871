import * as vscode from 'vscode';
import { messageOf } from '../errors.ts';
import { Owner } from './lifecycle.ts';

/** The extension's output channel. Nothing of what goes wrong in the background interrupts anybody's work. */
export class Log extends Owner {
  readonly #channel = this.own(vscode.window.createOutputChannel('Countersign', { log: true }));

  info(message: string): void {
    this.#channel.info(message);
  }

  error(error: unknown): void {
    this.#channel.error(error instanceof Error ? error : messageOf(error));
  }

  show(): void {
    this.#channel.show();
  }
}
