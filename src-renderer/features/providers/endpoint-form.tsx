import { type FormEvent, type ReactNode, useState } from 'react';
import { AdminError } from '../../api/client.ts';
import { readNames } from '../../product/read-names.ts';
import { cleanKey } from '../../product/recognise-vendor.ts';
import { canSkipTest } from '../../product/save-failure.ts';
import { useSaveProvider } from '../../product/use-save-provider.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { TextField } from '../../ui/field.tsx';
import { Failure, Fields, Row, Stack } from '../../ui/stack.tsx';
import { suggestId } from './provider-state.ts';

const empty = { name: '', id: '', baseUrl: '', key: '', models: '' };
type EndpointFields = typeof empty;

/** Any server that speaks OpenAI's Chat Completions. */
export function EndpointForm({ onDone }: { onDone: () => void }): ReactNode {
  const [fields, setFields] = useState(empty);
  const save = useSaveProvider();
  const id = fields.id === '' ? suggestId(fields.name) : fields.id;
  const store = (skipTest: boolean): void => {
    const key = cleanKey(fields.key);
    const body = {
      id,
      name: fields.name,
      dialect: 'openai-chat' as const,
      baseUrl: fields.baseUrl.trim(),
      models: readNames(fields.models),
    };
    save.mutate({ ...body, ...(key === '' ? {} : { key }), ...(skipTest ? { skipTest } : {}) }, { onSuccess: onDone });
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    store(false);
  };
  return (
    <Card title="Add an OpenAI-compatible endpoint">
      <form onSubmit={submit} autoComplete="off">
        <Stack>
          <EndpointInputs fields={{ ...fields, id }} error={save.error} onChange={(change) => setFields({ ...fields, ...change })} />
          {save.error !== null && !isFieldError(save.error) && <Failure>{save.error.message}</Failure>}
          <Row>
            <Button type="submit" kind="primary" isBusy={save.isPending}>
              {save.isPending ? 'Testing…' : 'Save and test'}
            </Button>
            {canSkipTest(save.error) && <Button onPress={() => store(true)}>Save anyway</Button>}
            <Button onPress={onDone}>Cancel</Button>
          </Row>
        </Stack>
      </form>
    </Card>
  );
}

const fieldNames: readonly string[] = ['id', 'name', 'baseUrl', 'key', 'models'];

function isFieldError(error: Error | null): error is AdminError {
  return error instanceof AdminError && error.param !== null && fieldNames.includes(error.param) && !canSkipTest(error);
}

interface EndpointInputsProps {
  fields: EndpointFields;
  error: Error | null;
  onChange: (change: Partial<EndpointFields>) => void;
}

function EndpointInputs({ fields, error, onChange }: EndpointInputsProps): ReactNode {
  const errorAt = (name: keyof EndpointFields): string | null => (isFieldError(error) && error.param === name ? error.message : null);
  const bind = (name: keyof EndpointFields) => ({
    value: fields[name],
    error: errorAt(name),
    onChange: (event: { target: { value: string } }) => onChange({ [name]: event.target.value }),
  });
  return (
    <Fields>
      <TextField label="Name" required maxLength={80} placeholder="Office server" {...bind('name')} />
      <TextField
        label="Id"
        required
        pattern="[a-z0-9][a-z0-9\-]{0,39}"
        hint={`Models are called ${fields.id === '' ? 'id' : fields.id}/model.`}
        {...bind('id')}
      />
      <TextField
        label="Base URL"
        required
        type="url"
        placeholder="http://127.0.0.1:8080/v1"
        hint="With its version, if it has one."
        {...bind('baseUrl')}
      />
      <TextField label="Key" type="password" autoComplete="off" hint="Leave empty if it needs none." {...bind('key')} />
      <TextField label="Models" hint="Optional, divided by commas." {...bind('models')} />
    </Fields>
  );
}
