import { type Stall, watchStall } from './watch-process.ts';

// Loaded into a gateway of its own process ahead of the program: watches its event loop from one message of the parent to the next.

export type StallMessage = { watching: true } | { stall: Stall };

let watch: ReturnType<typeof watchStall> | null = null;
process.on('message', () => {
  if (watch === null) {
    watch = watchStall();
    process.send?.({ watching: true } satisfies StallMessage);
  } else {
    process.send?.({ stall: watch.end() } satisfies StallMessage);
    watch = null;
  }
});
// The program ends when it has nothing more to do, whatever the parent does.
process.channel?.unref();
