/** What the app has to say about itself, across the top, until somebody has read it. */
import { X } from 'lucide-react';
import type { Notice } from '../../../protocol/bridge/events.ts';
import { useBridge, useNotices } from '../../state/context.tsx';
import { Banner } from '../../ui/banner.tsx';
import { IconButton } from '../../ui/icon-button.tsx';

const tones: Readonly<Record<Notice['level'], 'info' | 'warning' | 'danger'>> = {
  info: 'info',
  warning: 'warning',
  error: 'danger',
};

export function NoticesBar() {
  const bridge = useBridge();
  const notices = useNotices((state) => state.notices);
  return notices.map((notice) => (
    <Banner
      key={notice.id}
      tone={tones[notice.level]}
      shape="bar"
      action={
        <IconButton
          label="Dismiss"
          icon={<X />}
          size="sm"
          onClick={() => void bridge.call('notices.dismiss', { notice: notice.id })}
        />
      }
    >
      {notice.message}
      {notice.detail && <span className="ui-muted"> {notice.detail}</span>}
    </Banner>
  ));
}
