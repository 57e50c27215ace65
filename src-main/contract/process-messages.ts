/** From the gateway process to the shell. Plain JSON: the two may run different versions of V8. */
export type GatewayMessage =
  | { type: 'listening'; url: string; port: number; notices: string[] }
  | { type: 'stopping' }
  /** It could not start; the process ends after this. */
  | { type: 'failed'; message: string };

/** From the shell to the gateway process. */
export type ShellMessage = { type: 'stop' };
