/** The address of a server, looked for as it is typed. */
import type { Failure } from '../../protocol/bridge/failure.ts';
import { TextField } from '../ui/text-field.tsx';
import { ServerNote } from './server-note.tsx';
import type { ServerCheck } from './use-server-check.ts';

interface AddressFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly check: ServerCheck;
  /** What signing in said of it. */
  readonly failure: Failure | undefined;
}

export function AddressField({ value, onChange, check, failure }: AddressFieldProps) {
  const wrong = failure ?? (check.at === 'failed' ? check.failure : undefined);
  return (
    <TextField
      label="Server address"
      placeholder="terminals.example.com"
      inputMode="url"
      autoComplete="url"
      value={value}
      onChange={onChange}
      error={wrong?.message}
      hint={<ServerNote check={check} />}
    />
  );
}
