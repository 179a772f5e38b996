import { Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

interface PageProps {
  title: string;
  /** One sentence: what this page is for. */
  purpose: string;
  actions?: ReactNode;
  children: ReactNode;
}

export function Page({ title, purpose, actions, children }: PageProps) {
  const { t } = useTranslation();
  const product = t('product');
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);
  return (
    <>
      <header className="page-head">
        <div>
          <Title order={1}>{title}</Title>
          <p>{purpose}</p>
        </div>
        {actions}
      </header>
      {children}
    </>
  );
}
