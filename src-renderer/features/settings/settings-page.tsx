import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { useSearchParams } from 'wouter';
import { priceOverridesQuery, settingsQuery } from '../../api/queries.ts';
import { readBridge } from '../../platform/bridge.ts';
import { RecordingChoice } from '../../product/recording-choice.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { AboutCard } from './about-card.tsx';
import { BudgetForm } from './budget-form.tsx';
import { DesktopCard } from './desktop-card.tsx';
import { PricesCard } from './prices-card.tsx';
import { RetentionForm } from './retention-form.tsx';
import { StrictToggle } from './strict-toggle.tsx';
import { ThemeChoice } from './theme-choice.tsx';
import { VaultCard } from './vault-card.tsx';

export function SettingsPage(): ReactNode {
  const [search] = useSearchParams();
  const model = search.get('model');
  const bridge = readBridge();
  // What stands above has its height only when it is read.
  const settings = useQuery(settingsQuery);
  const prices = useQuery(priceOverridesQuery);
  const isRead = settings.isSuccess && prices.isSuccess;
  useEffect(() => {
    if (!isRead) return;
    const section = location.hash.slice(1) || (model === null ? '' : 'prices');
    if (section !== '') document.getElementById(section)?.scrollIntoView();
  }, [model, isRead]);
  return (
    <Page title="Settings">
      {settings.data === undefined && settings.error !== null ? (
        <Notice kind="bad" title="The settings cannot be read." action={<Button onPress={() => void settings.refetch()}>Try again</Button>}>
          {settings.error.message}
        </Notice>
      ) : (
        <GatewaySettings model={model} />
      )}
      <Card id="theme" title="Appearance">
        <ThemeChoice />
      </Card>
      {bridge !== null && <DesktopCard bridge={bridge} />}
      <AboutCard bridge={bridge} />
    </Page>
  );
}

/** What the gateway keeps; the rest of the page is this window's. */
function GatewaySettings({ model }: { model: string | null }): ReactNode {
  return (
    <>
      <Card id="recording" title="Recording">
        <RecordingChoice />
      </Card>
      <Card id="budget" title="Daily budget">
        <BudgetForm />
      </Card>
      <Card id="retention" title="How long it is kept">
        <RetentionForm />
      </Card>
      <Card id="prices" title="Your own prices">
        <PricesCard key={model} model={model} />
      </Card>
      <VaultCard />
      <Card id="translation" title="Translation">
        <StrictToggle />
      </Card>
    </>
  );
}
