/** How to make a new machine reachable, and whether it is. */
import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import type { CallOutput } from '../../protocol/bridge/calls.ts';
import { CodeBlock } from '../ui/code-block.tsx';
import { Spinner } from '../ui/spinner.tsx';
import { Tabs } from '../ui/tabs.tsx';
import './install-steps.css';

type Created = CallOutput<'machines.create'>;
type Os = Created['commands'][number]['os'];

const osNames: Readonly<Record<Os, string>> = { linux: 'Linux', macos: 'macOS', windows: 'Windows' };

interface InstallStepsProps {
  readonly created: Created;
  readonly online: boolean;
}

function Commands({ commands }: Pick<Created, 'commands'>) {
  const [os, setOs] = useState<Os>(commands[0]?.os ?? 'linux');
  return (
    <Tabs
      label="Operating system of the machine"
      value={os}
      onChange={setOs}
      tabs={commands.map((each) => ({
        value: each.os,
        label: osNames[each.os],
        content: <CodeBlock text={each.command} what={`Command for ${osNames[each.os]}`} />,
      }))}
    />
  );
}

export function InstallSteps({ created, online }: InstallStepsProps) {
  return (
    <>
      <ol className="install-steps">
        <li>
          <h3>Run this on the machine</h3>
          <p className="ui-muted">
            It installs the agent for the person who runs it. Nothing has to be opened to the outside.
          </p>
          <Commands commands={created.commands} />
        </li>
        <li>
          <h3>When it asks, paste the registration token</h3>
          <p className="ui-muted">It is shown only now, works once, and ends after 24 hours.</p>
          <CodeBlock text={created.registration_token} what="Registration token" />
        </li>
      </ol>
      <output className="install-outcome" data-online={online || undefined}>
        {online ? (
          <>
            <CircleCheck aria-hidden="true" />
            <span>
              <strong>{created.name} is online.</strong> You can open a terminal on it.
            </span>
          </>
        ) : (
          <>
            <Spinner />
            <span>
              <strong>Waiting for {created.name}…</strong> It turns to online here as soon as it has joined.
            </span>
          </>
        )}
      </output>
    </>
  );
}
