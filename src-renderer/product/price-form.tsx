import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Money } from '../ui/money.tsx';
import { Fields, Hint, Row, Stack } from '../ui/stack.tsx';
import { Toggle } from '../ui/toggle.tsx';
import {
  buildOverride,
  checkPrice,
  emptyPrice,
  type PriceFields,
  type PriceOverrideItem,
  type PriceProblems,
  previewNanoUsd,
  rateFields,
  warnOfPrice,
} from './price-fields.ts';
import styles from './price-form.module.css';

export interface PriceFormProps {
  /** Filled in, when a page asked for the price of one. */
  model: string | null;
  isBusy: boolean;
  onSave: (item: PriceOverrideItem) => void;
  onCancel: () => void;
}

export function PriceForm({ model, isBusy, onSave, onCancel }: PriceFormProps): ReactNode {
  const [fields, setFields] = useState<PriceFields>({ ...emptyPrice, match: model ?? '' });
  const [isTried, setTried] = useState(false);
  const problems = checkPrice(fields);
  const isGood = Object.keys(problems).length === 0;
  const warning = warnOfPrice(fields);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (isGood) onSave(buildOverride(fields));
  };
  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack>
        <TextField
          label="Model"
          placeholder="openai/gpt-5*"
          hint="provider/model, or a model’s name for every provider; * stands for any text."
          value={fields.match}
          error={isTried ? (problems.match ?? null) : null}
          onChange={(event) => setFields({ ...fields, match: event.target.value })}
        />
        <Toggle label="Free of charge" isOn={fields.isFree} onChange={(isFree) => setFields({ ...fields, isFree })} />
        {!fields.isFree && <RateInputs fields={fields} problems={problems} isTried={isTried} onChange={setFields} />}
        <Preview nanoUsd={isGood ? previewNanoUsd(buildOverride(fields)) : null} />
        {warning !== null && <p className={styles['warning']}>{warning}</p>}
        <Row>
          <Button type="submit" kind="primary" isBusy={isBusy}>
            Save the price
          </Button>
          <Button onPress={onCancel}>Cancel</Button>
        </Row>
      </Stack>
    </form>
  );
}

/** A slip of unit shows at once. */
function Preview({ nanoUsd }: { nanoUsd: number | null }): ReactNode {
  if (nanoUsd === null) return <Hint>With both prices, what 1,000 input + 1,000 output tokens cost is shown here.</Hint>;
  return (
    <p role="status">
      1,000 input + 1,000 output tokens cost <Money nanoUsd={nanoUsd} />
    </p>
  );
}

interface RateInputsProps {
  fields: PriceFields;
  problems: PriceProblems;
  isTried: boolean;
  onChange: (fields: PriceFields) => void;
}

function RateInputs({ fields, problems, isTried, onChange }: RateInputsProps): ReactNode {
  return (
    <Fields>
      {rateFields.map(({ name, label, hint }) => (
        <TextField
          key={name}
          label={label}
          hint={hint}
          inputMode="decimal"
          value={fields.rates[name]}
          // A number that cannot be is said at once, a missing one when saving.
          error={isTried || fields.rates[name] !== '' ? (problems[name] ?? null) : null}
          onChange={(event) => onChange({ ...fields, rates: { ...fields.rates, [name]: event.target.value } })}
        />
      ))}
    </Fields>
  );
}
