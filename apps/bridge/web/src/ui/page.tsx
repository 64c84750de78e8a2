import { type ReactNode, useEffect } from 'react';
import './page.css';

export interface PageProps {
  readonly title: string;
  /** Links to what the page is a part of. */
  readonly within?: readonly ReactNode[];
  /** Beside the title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of every view: where one is, what it is called, what can be done. */
export function Page({ title, within = [], actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} - Keptn`;
  }, [title]);
  return (
    <main className="page" id="content" tabIndex={-1} aria-label={title}>
      <div className="page-head">
        <div>
          {within.length > 0 && (
            <nav aria-label="Breadcrumbs">
              <ol className="crumbs">
                {within.map((link, index) => (
                  <li key={index}>{link}</li>
                ))}
              </ol>
            </nav>
          )}
          <h1>{title}</h1>
        </div>
        {actions !== undefined && <div className="row">{actions}</div>}
      </div>
      {children}
    </main>
  );
}

export function Card({ children }: { readonly children: ReactNode }) {
  return <section className="card">{children}</section>;
}

/** What may be wider than the screen; by keyboard it is scrolled with the arrows. */
export function Scrolling({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="scrolling" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
