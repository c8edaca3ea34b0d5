/** What a new machine is called, and how it is found. */
import { useEffect, useState, type FormEvent } from 'react';
import type { CallOutput } from '../../protocol/bridge/calls.ts';
import type { Failure } from '../../protocol/bridge/failure.ts';
import { useBridge } from '../state/context.tsx';
import { FailureNote } from '../ui/failure-note.tsx';
import { TextField } from '../ui/text-field.tsx';
import { useTask } from '../ui/use-task.ts';
import { tagsOf } from './tags-of.ts';

interface AddMachineFormProps {
  readonly id: string;
  readonly account: string;
  readonly onBusy: (busy: boolean) => void;
  readonly onCreated: (created: CallOutput<'machines.create'>) => void;
}

export function AddMachineForm({ id, account, onBusy, onCreated }: AddMachineFormProps) {
  const bridge = useBridge();
  const [name, setName] = useState('');
  const [tags, setTags] = useState('');
  const [description, setDescription] = useState('');
  const [missing, setMissing] = useState(false);
  const task = useTask<Failure>();
  const { busy, failure } = task;
  useEffect(() => onBusy(busy), [busy, onBusy]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(name.trim() === '');
    if (name.trim() === '' || busy) return;
    const input = { account, name: name.trim(), description: description.trim(), tags: [...tagsOf(tags)] };
    task.run(() => bridge.call('machines.create', input), onCreated);
  };
  const wrong = (path: string) => failure?.fields?.find((field) => field.path === path)?.message;

  return (
    <form id={id} className="add-machine-form" onSubmit={submit} noValidate>
      {failure && !failure.fields?.length && <FailureNote failure={failure} />}
      <TextField
        label="Name"
        placeholder="web-01"
        autoComplete="off"
        maxLength={100}
        value={name}
        onChange={setName}
        hint="How people find it. It can be another name than its host name."
        error={missing ? 'Give it a name.' : wrong('name')}
      />
      <TextField
        label="Tags (optional)"
        placeholder="production, web"
        autoComplete="off"
        value={tags}
        onChange={setTags}
        hint="Separated by commas. The machine list can be grouped by them."
        error={wrong('tags')}
      />
      <TextField
        label="Description (optional)"
        autoComplete="off"
        maxLength={1000}
        value={description}
        onChange={setDescription}
        error={wrong('description')}
      />
    </form>
  );
}
