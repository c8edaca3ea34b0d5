/** How the agent of this computer is connected; where it is not, at which step it fails and when it tries again. */
import { Check, X } from 'lucide-react';
import type { AgentStatus } from '../../protocol/agent/status.ts';
import { useTime } from '../state/context.tsx';
import { Banner } from '../ui/banner.tsx';
import { ago, until } from '../ui/format.ts';
import { ladder, stepWords } from './link-words.ts';

const stateWords = { passed: 'passed', failed: 'failed', ahead: 'not reached' };
const stateIcons = { passed: <Check aria-hidden="true" />, failed: <X aria-hidden="true" />, ahead: null };

function Online({ link }: { readonly link: AgentStatus['link'] & { at: 'online' } }) {
  const since = useTime((now) => ago(link.since, now));
  return (
    <p className="ui-muted">
      Connected since {since}
      {link.latency_ms !== null && `, ${Math.round(link.latency_ms)} ms away`}.
    </p>
  );
}

function Until({ at }: { readonly at: string }) {
  return useTime((now) => until(at, now));
}

export function AgentLink({ link }: { readonly link: AgentStatus['link'] }) {
  switch (link.at) {
    case 'connecting':
      return null;
    case 'online':
      return <Online link={link} />;
    case 'stopped':
      return <Banner tone="danger">{link.message}</Banner>;
    case 'waiting':
      return (
        <>
          <Banner tone="warning">
            {link.message} Next try <Until at={link.next_try_at} />.
          </Banner>
          <ol className="workstation-steps" aria-label="Steps of connecting">
            {ladder(link.failed_step).map(({ step, state }) => (
              <li key={step} data-state={state}>
                <span className="workstation-step-mark">{stateIcons[state]}</span>
                {stepWords[step]}
                <span className="ui-visually-hidden">: {stateWords[state]}</span>
              </li>
            ))}
          </ol>
        </>
      );
  }
}
