// How releases are packed. The official Electron of package.json comes from GitHub; `npm run package:linux` packs with the
// test runtime instead, to prove the rest.
const updateUrl = process.env.TOLLGATE_UPDATE_URL;

export default {
  appId: 'dev.tollgate.desktop',
  productName: 'Tollgate',
  copyright: 'Apache-2.0',
  directories: { output: 'dist', buildResources: 'resources' },
  files: [
    'out/**',
    'resources/**',
    'package.json',
    'LICENSE',
    '!out/.built',
    '!**/*.map',
    // The Node for development, and what native modules bring for building themselves.
    '!node_modules/node-*/**',
    '!node_modules/better-sqlite3/prebuilds/linuxmusl-*.node',
    '!node_modules/better-sqlite3/{deps,src,binding.gyp}/**',
  ],
  // Native code cannot be loaded from within an archive.
  asar: true,
  asarUnpack: ['node_modules/better-sqlite3/**', 'node_modules/@napi-rs/**'],
  npmRebuild: false,
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  },
  // Updates are signed by the platforms' own signatures and fetched over https only.
  publish: updateUrl?.startsWith('https://') ? [{ provider: 'generic', url: updateUrl }] : null,
  mac: {
    category: 'public.app-category.developer-tools',
    target: ['dmg', 'zip'],
    icon: 'resources/icons/1024x1024.png',
    hardenedRuntime: true,
    notarize: true,
    // The app lives in the menu bar; a window brings its icon to the dock.
    extendInfo: { LSMultipleInstancesProhibited: true },
  },
  win: {
    target: ['nsis'],
    icon: 'resources/icons/256x256.png',
  },
  nsis: { oneClick: true, perMachine: false, deleteAppDataOnUninstall: false },
  linux: {
    target: ['AppImage', 'deb', 'rpm'],
    category: 'Development',
    icon: 'resources/icons',
    executableName: 'tollgate-desktop',
    synopsis: 'A local AI gateway for one developer',
  },
};
