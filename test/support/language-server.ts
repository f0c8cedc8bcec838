import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createMessageConnection, type MessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node.js';

/** What the server says of one place, in words that a person would see. */
export interface Offer {
  readonly label: string;
  readonly insertText?: string;
  readonly documentation?: string | { readonly value: string };
}

interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number } };
}

const PACKAGE = createRequire(import.meta.url).resolve('yaml-language-server/package.json');

/** The real yaml-language-server, as an editor runs it: over its standard input and output. */
export class LanguageServer {
  readonly #child: ChildProcess;
  readonly #connection: MessageConnection;
  readonly #awaited = new Map<string, (found: readonly Diagnostic[]) => void>();
  #documents = 0;

  private constructor(child: ChildProcess, connection: MessageConnection) {
    this.#child = child;
    this.#connection = connection;
  }

  /** `settings` are what an editor has under `yaml`: a schema for *.yaml among them, by which an empty mapping is wrong. */
  static async start(settings: object): Promise<LanguageServer> {
    const program = join(dirname(PACKAGE), 'bin/yaml-language-server');
    const child = spawn(process.execPath, [program, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    const server = new LanguageServer(child, connection);
    connection.onRequest('workspace/configuration', ({ items }: { items: readonly { section: string }[] }) =>
      items.map(({ section }) => (section === 'yaml' ? settings : null)),
    );
    connection.onRequest('client/registerCapability', () => null);
    connection.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }: { uri: string; diagnostics: Diagnostic[] }) => {
      server.#awaited.get(uri)?.(diagnostics);
    });
    connection.listen();
    const markdown = ['markdown'];
    await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: null,
      capabilities: {
        workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
        textDocument: {
          completion: { completionItem: { snippetSupport: true, documentationFormat: markdown } },
          hover: { contentFormat: markdown },
        },
      },
    });
    await connection.sendNotification('initialized', {});
    await server.#settled();
    return server;
  }

  /** What it shows for the word at `|`. */
  async hover(text: string): Promise<string> {
    const found = await this.#connection.sendRequest<{ contents: { value: string } } | null>('textDocument/hover', await this.#at(text));
    return found?.contents.value ?? '';
  }

  /** What it offers at `|`. */
  async complete(text: string): Promise<readonly Offer[]> {
    return (await this.#connection.sendRequest<{ items: Offer[] }>('textDocument/completion', await this.#at(text))).items;
  }

  /** What it finds wrong, as `LINE: message`. */
  async faults(text: string): Promise<readonly string[]> {
    const uri = this.#newUri();
    const found = new Promise<readonly Diagnostic[]>((resolve) => this.#awaited.set(uri, resolve));
    await this.#open(uri, text);
    return (await found).map(({ message, range }) => `${range.start.line + 1}: ${message}`);
  }

  async stop(): Promise<void> {
    await this.#connection.sendRequest('shutdown');
    const ended = new Promise((done) => this.#child.once('exit', done));
    await this.#connection.sendNotification('exit');
    await ended;
    this.#connection.dispose();
  }

  /** Settings reach it some time after the start; then it looks again at what is open. */
  async #settled(): Promise<void> {
    const uri = this.#newUri();
    const found = new Promise<void>((resolve) => this.#awaited.set(uri, (faults) => faults.length > 0 && resolve()));
    await this.#open(uri, '{}\n');
    await found;
  }

  async #at(text: string): Promise<object> {
    const before = text.slice(0, text.indexOf('|')).split('\n');
    const uri = this.#newUri();
    await this.#open(uri, text.replace('|', ''));
    return { textDocument: { uri }, position: { line: before.length - 1, character: before.at(-1)?.length } };
  }

  #newUri(): string {
    this.#documents += 1;
    return `file:///lab/${this.#documents}.yaml`;
  }

  #open(uri: string, text: string): Promise<void> {
    return this.#connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
  }
}
