import { type ReactNode } from 'react';
import { type ApiFailure } from '../api/api-failure';
import './notice.css';

export interface NoticeProps {
  readonly kind: 'bad' | 'neutral' | 'warning';
  readonly children: ReactNode;
}

export function Notice({ kind, children }: NoticeProps) {
  return (
    <div className={`notice notice-${kind}`} role={kind === 'bad' ? 'alert' : 'status'}>
      {children}
    </div>
  );
}

/** What the API said, unchanged. */
export function Failure({ error }: { readonly error: ApiFailure }) {
  const { message, status, reason, requestId } = error;
  const facts = [status === 0 ? '' : `status ${status}`, reason, requestId && `request ${requestId}`].filter(Boolean);
  return (
    <Notice kind="bad">
      <strong>{message}</strong>
      {facts.length > 0 && <span className="small">{facts.join(', ')}</span>}
    </Notice>
  );
}
