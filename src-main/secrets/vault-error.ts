/** Every way the vault can fail, with what to do about it. The texts hold no secret and no path of ours. */
const guidance = {
  keyring_absent:
    'This system offers no keychain (no session bus, or its module does not load). Give a passphrase, or choose the key file: set TOLLGATE_PASSPHRASE_FILE, or TOLLGATE_VAULT=file.',
  keyring_no_service:
    'No keychain service with a default keyring answers. Install or set up one (GNOME Keyring, KWallet), give a passphrase, or choose the key file.',
  keyring_locked: 'The keychain is locked. Unlock it (log in to the desktop, or open the keyring app), then try again.',
  keyring_denied: 'The keychain refused access. Allow Tollgate in the keychain app, then try again.',
  keyring_timeout: 'The keychain did not answer in time; it may be showing a prompt. Answer the prompt, then try again.',
  keyring_wiped:
    'Keys are stored, but the keychain no longer holds the master key that opens them. Restore the keychain, or start over and enter the keys again.',
  passphrase_missing: 'The stored keys are sealed by a passphrase and none was given. Enter it, or set TOLLGATE_PASSPHRASE_FILE.',
  passphrase_wrong: 'The passphrase is wrong. Nothing was changed; try again.',
  file_unreadable: 'The master key file cannot be read or written. Check the disk and the permissions of the data folder, then try again.',
  file_permissions: 'The key file can be read by other users of this machine. Run chmod 600 on it, then try again.',
  master_key_missing:
    'Keys are stored, but the file with their master key is gone. Restore it from a backup, or start over and enter the keys again.',
  master_key_mismatch:
    'The master key found is not the one the stored keys were sealed with. Restore the right one, or start over and enter the keys again.',
  backend_mismatch: 'The stored keys are protected in another place than the one asked for. Start without naming a place (TOLLGATE_VAULT).',
  secret_damaged: 'This stored key is damaged or was altered, and is not used. Enter it again.',
  vault_unavailable: 'The stored keys cannot be used now.',
} as const;

export type VaultErrorCode = keyof typeof guidance;

/** Says what is wrong and what to do next. `detail` names a file or a backend; it must hold no secret. */
export class VaultError extends Error {
  override readonly name = 'VaultError';
  readonly code: VaultErrorCode;

  constructor(code: VaultErrorCode, options: { detail?: string; cause?: unknown } = {}) {
    const message = options.detail === undefined ? guidance[code] : `${guidance[code]} (${options.detail})`;
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
  }
}
