// Types of bit-driver.js.

/** One command of a package; further members (data, cashSum, showMode) as in the driver's description. */
export interface Command {
  name?: string;
  type: string;
  data?: unknown;
  cashSum?: number;
  /** "1" always, "2" on errors, "4" never: whether the driver shows a window. */
  showMode?: '1' | '2' | '4';
  [member: string]: unknown;
}

/** What the register printed, by the tags of the fiscal document. */
export interface FiscalMark {
  /** 1041 */
  fn: string;
  /** 1040 */
  fd: number;
  /** 1077 */
  fpd: string;
  /** 1012 */
  time: string;
  /** 1038 */
  shift: number;
  /** 1042 */
  receiptNumber: number;
  /** 1037 */
  registerNumber: string;
}

export interface Entry {
  index: number;
  name: string;
  type: string;
  state: 'done' | 'failed' | 'not_run';
  /** The driver's words. */
  text: string;
  /** The driver's entry, with all its members; null if the command was not run. */
  raw: Record<string, unknown> | null;
  mark: FiscalMark | null;
}

export interface Answer {
  /** All commands are done. */
  ok: boolean;
  entries: Entry[];
  /** As it came. */
  text: string;
}

export interface PackageRequest {
  orderId: string;
  kktToken: string;
  bankToken?: string;
  /** JSON list. */
  commands: string;
}

export interface WireRequest {
  headers: [string, string][];
  body: string;
}

export interface Progress {
  stage: 'connecting' | 'sending' | 'answered';
  orderId: string;
  elapsedMs: number;
}

export interface DriverOptions {
  kktToken: string;
  bankToken?: string;
  /** "http://localhost:44735" */
  url?: string;
  /** "1.5" */
  generation?: '1.2' | '1.5';
  /** "json"; generation 1.2 always posts a form. */
  encoding?: 'json' | 'form' | 'base64' | 'hex';
  /** For the whole answer; 120 s. */
  timeoutMs?: number;
  /** Ask first whether somebody listens; true. Without it an absent driver is an AnswerLost. */
  probe?: boolean;
  fetch?: typeof globalThis.fetch;
}

export interface RunOptions {
  signal?: AbortSignal;
  timeoutMs?: number;
  onProgress?: (progress: Progress) => void | Promise<void>;
}

/** What a form of the cloud API is made of; `data` is the JSON text as it is signed. */
export interface Order {
  accountId: string;
  kktToken: string;
  bankToken?: string;
  orderId: string;
  data: string;
  callbackSuccess?: string;
  callbackFailed?: string;
}

export const DEFAULT_URL: string;

export class DriverError extends Error {
  maybePrinted: boolean;
}
export class DriverUnreachable extends DriverError {}
export class DriverRefused extends DriverError {}
export class AnswerLost extends DriverError {}
export class BadAnswer extends DriverError {
  body: string;
}

export class BitDriver extends EventTarget {
  constructor(options: DriverOptions);
  run(orderId: string, commands: Command[] | string, options?: RunOptions): Promise<Answer>;
  probe(signal?: AbortSignal): Promise<void>;
}

export function encodeRequest(request: PackageRequest, generation?: string, encoding?: string): WireRequest;
export function decodeAnswer(text: string, sent: Command[]): Answer;

export function md5Hex(text: string): string;
export function encodeData(text: string): string;
export function signedValues(order: Order, code: string): [string, string][];
export function signature(order: Order, code: string): string;
export function formFields(order: Order, code: string): Record<string, string>;
