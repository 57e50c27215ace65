import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { SelectField, TextField } from '../ui/field.tsx';
import { Fields, Row, Stack, Success } from '../ui/stack.tsx';
import { cleanKey, recogniseVendor, vendors } from './recognise-vendor.ts';
import { canSkipTest } from './save-failure.ts';
import { renderTested, useSaveProvider } from './use-save-provider.ts';

/** Takes a key, tests it live and stores it. The key can be written here, never read. */
export function ProviderKeyForm({ provider, onSaved }: { provider?: { id: string; name: string }; onSaved?: () => void }): ReactNode {
  const [key, setKey] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const save = useSaveProvider();
  const recognised = recogniseVendor(key);
  const vendorId = provider?.id ?? chosen ?? recognised ?? '';

  const store = (skipTest: boolean): void => {
    const cleaned = cleanKey(key);
    const missing = findMissing(cleaned, vendorId);
    setProblem(missing);
    if (missing !== null) return;
    const onSuccess = (): void => {
      setKey('');
      setChosen(null);
      onSaved?.();
    };
    save.mutate({ id: vendorId, key: cleaned, enabled: true, ...(skipTest ? { skipTest } : {}) }, { onSuccess });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    store(false);
  };
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack>
        <Fields>
          <TextField
            label={provider === undefined ? 'Provider key' : `Key of ${provider.name}`}
            type="password"
            autoComplete="off"
            spellCheck={false}
            value={key}
            placeholder={vendors.find(({ id }) => id === (provider?.id ?? 'anthropic'))?.example ?? ''}
            error={problem ?? save.error?.message ?? null}
            hint="Tested with the provider, then stored sealed; it cannot be read back."
            onChange={(event) => {
              setKey(event.target.value);
              setProblem(null);
              save.reset();
            }}
          />
          {provider === undefined && <VendorField value={vendorId} isGuess={chosen === null && recognised !== null} onChange={setChosen} />}
        </Fields>
        <Row>
          <Button type="submit" kind="primary" isBusy={save.isPending}>
            {save.isPending ? 'Testing…' : 'Save and test'}
          </Button>
          {canSkipTest(save.error) && <Button onPress={() => store(true)}>Save anyway</Button>}
        </Row>
        {save.data !== undefined && <Success>{renderTested(save.data.provider.name, save.data.test)}</Success>}
      </Stack>
    </form>
  );
}

function findMissing(key: string, vendorId: string): string | null {
  if (key === '') return 'Paste a key first.';
  return vendorId === '' ? 'This key could be anybody’s: choose whose it is.' : null;
}

function VendorField({ value, isGuess, onChange }: { value: string; isGuess: boolean; onChange: (id: string) => void }): ReactNode {
  return (
    <SelectField
      label="Provider"
      value={value}
      options={[{ value: '', label: 'Choose…' }, ...vendors.map(({ id, name }) => ({ value: id, label: name }))]}
      hint={isGuess ? 'Recognised by the key’s shape.' : undefined}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
