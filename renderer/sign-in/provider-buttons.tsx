/** Signing in by somebody else who knows the person: in the browser, for each one that the server offers. */
import { ExternalLink } from 'lucide-react';
import type { Provider } from '../../protocol/api/values.ts';
import { Button } from '../ui/button.tsx';
import { providerNames } from './sign-in-words.ts';

interface ProviderButtonsProps {
  readonly providers: readonly Provider[];
  readonly disabled: boolean;
  readonly onChoose: (provider: Provider) => void;
}

export function ProviderButtons({ providers, disabled, onChoose }: ProviderButtonsProps) {
  if (providers.length === 0) return null;
  return (
    <div className="sign-in-providers">
      <p className="sign-in-or">or in your browser</p>
      {providers.map((provider) => (
        <Button key={provider} icon={<ExternalLink />} disabled={disabled} onClick={() => onChoose(provider)}>
          Sign in with {providerNames[provider]}
        </Button>
      ))}
    </div>
  );
}
