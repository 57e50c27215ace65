/** Tool-call ids within one request: the vendor allows `[a-zA-Z0-9_-]+` and each id once per conversation. */
interface ToolCallIds {
  /** The id to send for the next call the caller knows by `id`. */
  assign(id: string): string;
}

/** The ids only link calls and results inside this request; ids of new calls come from the vendor, so none has to be mapped back. */
export function createToolCallIds(): ToolCallIds {
  const taken = new Set<string>();
  return {
    assign(id) {
      const base = id.replace(/[^a-zA-Z0-9_-]/g, '_') || 'call';
      let wireId = base;
      for (let n = 2; taken.has(wireId); n++) wireId = `${base}_${n}`;
      taken.add(wireId);
      return wireId;
    },
  };
}
