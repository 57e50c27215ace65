import dbus from 'dbus-next';

export interface TrayLine {
  id: number;
  label: string;
  enabled: boolean;
}

/** The part of a desktop that shows tray icons: just enough of it for Electron to hand over its own. */
export interface TrayHost {
  /** Resolves when an app has put its icon there. */
  readonly registered: Promise<void>;
  tooltip(): Promise<string>;
  /** The menu as a desktop would draw it; separators are left out. */
  menu(): Promise<TrayLine[]>;
  click(line: TrayLine): Promise<void>;
  close(): void;
}

interface Variant {
  value: unknown;
}

/** Needs a session bus without a desktop: scripts/test-e2e.mjs brings one. */
export async function openTrayHost(): Promise<TrayHost> {
  const bus = dbus.sessionBus();
  const { promise, resolve } = Promise.withResolvers<string>();
  bus.export('/StatusNotifierWatcher', createWatcher(resolve));
  await bus.requestName('org.kde.StatusNotifierWatcher', 0);

  // Electron answers no Introspect, so there are no proxy objects.
  async function ask(path: string, face: string, member: string, signature: string, body: unknown[]): Promise<unknown[]> {
    const destination = (await promise).split('/')[0] ?? '';
    const reply = await bus.call(new dbus.Message({ destination, path, interface: face, member, signature, body }));
    return (reply?.body ?? []) as unknown[];
  }
  async function readProperty(name: string): Promise<unknown> {
    const service = await promise;
    const path = service.includes('/') ? service.slice(service.indexOf('/')) : '/StatusNotifierItem';
    const [value] = await ask(path, 'org.freedesktop.DBus.Properties', 'Get', 'ss', ['org.kde.StatusNotifierItem', name]);
    return (value as Variant).value;
  }
  const readMenuPath = async (): Promise<string> => (await readProperty('Menu')) as string;

  return {
    registered: promise.then(() => {}),
    tooltip: async () => String(((await readProperty('ToolTip')) as unknown[])[2]),
    async menu() {
      const [, layout] = await ask(await readMenuPath(), 'com.canonical.dbusmenu', 'GetLayout', 'iias', [0, -1, []]);
      return ((layout as unknown[])[2] as Variant[]).flatMap(({ value }) => {
        const [id, properties] = value as [number, Record<string, Variant>];
        const label = properties['label']?.value;
        return typeof label === 'string' && label !== '' ? [{ id, label, enabled: properties['enabled']?.value !== false }] : [];
      });
    },
    async click({ id }) {
      await ask(await readMenuPath(), 'com.canonical.dbusmenu', 'Event', 'isvu', [id, 'clicked', new dbus.Variant('s', ''), 0]);
    },
    close: () => bus.disconnect(),
  };
}

function createWatcher(onItem: (service: string) => void): dbus.interface.Interface {
  class Watcher extends dbus.interface.Interface {
    RegisterStatusNotifierItem(service: string): void {
      onItem(service);
    }
    RegisterStatusNotifierHost(): void {}
    get IsStatusNotifierHostRegistered(): boolean {
      return true;
    }
    get ProtocolVersion(): number {
      return 0;
    }
  }
  Watcher.configureMembers({
    methods: {
      RegisterStatusNotifierItem: { inSignature: 's', outSignature: '' },
      RegisterStatusNotifierHost: { inSignature: 's', outSignature: '' },
    },
    properties: {
      IsStatusNotifierHostRegistered: { signature: 'b', access: 'read' },
      ProtocolVersion: { signature: 'i', access: 'read' },
    },
  });
  return new Watcher('org.kde.StatusNotifierWatcher');
}
