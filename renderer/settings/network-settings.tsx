/** How servers are reached: by the app and by the agent it starts. */
import { useSettings } from '../state/context.tsx';
import { Card, FormRow } from '../ui/page.tsx';
import { Select } from '../ui/select.tsx';
import type { GroupProps } from './appearance-settings.tsx';
import { proxyProblem } from './proxy-url.ts';
import { TextSetting } from './text-setting.tsx';

export function NetworkSettings({ update }: GroupProps) {
  const network = useSettings((settings) => settings.network);
  return (
    <Card>
      <FormRow title="Proxy" note="For every connection of the app and of this computer’s agent.">
        <Select
          label="Proxy"
          value={network.proxy}
          options={[
            { value: 'system', label: 'As the system says' },
            { value: 'none', label: 'None' },
            { value: 'manual', label: 'Set here' },
          ]}
          onChange={(proxy) => update({ network: { proxy } })}
        />
      </FormRow>
      {network.proxy === 'manual' && (
        <FormRow title="Proxy address">
          <TextSetting
            label="Proxy address"
            placeholder="http://proxy.example.com:3128"
            value={network.proxy_url}
            maxLength={2000}
            check={proxyProblem}
            onCommit={(url) => update({ network: { proxy_url: url } })}
          />
        </FormRow>
      )}
      <FormRow
        title="Further certificate authorities"
        note="A PEM file of your organization. It is trusted beside those of the system."
      >
        <TextSetting
          label="File of further certificate authorities"
          placeholder="/etc/ssl/corporate.pem"
          value={network.extra_ca_file}
          maxLength={4096}
          onCommit={(file) => update({ network: { extra_ca_file: file } })}
        />
      </FormRow>
    </Card>
  );
}
