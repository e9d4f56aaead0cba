import { useEffect, useState } from "react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Problem } from "wire";
import { Button, Empty, Opening, Root } from "ui";
import { Audit } from "./audit/screen.tsx";
import { Account } from "./identity/account.tsx";
import { SignIn } from "./identity/sign_in.tsx";
import { useRoute, type Route } from "./router.ts";
import { session, useSession } from "./session.ts";
import { Navigation } from "./shell/navigation.tsx";
import { System } from "./system/screen.tsx";
import { TenantScreen } from "./tenants/tenant.tsx";
import { Tenants } from "./tenants/list.tsx";
import { WhatsApp } from "./whatsapp/screen.tsx";
import { t } from "./words.ts";
import css from "./shell/shell.module.css";

const makeClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: { staleTime: 10_000, retry: (count, error) => error instanceof Problem && error.temporary && count < 2 },
    },
  });

export function App() {
  return (
    <Root>
      <Gate />
    </Root>
  );
}

function Gate() {
  const state = useSession();
  if (state.phase === "starting") return <Opening />;
  if (state.phase === "out") return <SignIn reason={state.reason} />;
  if (state.phase === "in") return <House key={state.grant.operator.id} />;
  return (
    <Empty title={t("unreachable")} action={<Button onClick={() => void session.start()}>{t("tryNow")}</Button>}>
      {t("unreachableText")}
    </Empty>
  );
}

function House() {
  const [client] = useState(makeClient);
  const route = useRoute();
  useEffect(() => {
    document.title = t("product");
    return () => client.clear();
  }, [client]);
  return (
    <QueryClientProvider client={client}>
      <div className={css["frame"]}>
        <Navigation route={route} />
        <Screen route={route} />
      </div>
    </QueryClientProvider>
  );
}

function Screen({ route }: { route: Route }) {
  switch (route.page) {
    case "tenants":
      return <Tenants q={route.q} status={route.status} />;
    case "tenant":
      return <TenantScreen key={route.id} id={route.id} />;
    case "audit":
      return <Audit />;
    case "system":
      return <System />;
    case "whatsapp":
      return <WhatsApp />;
    case "account":
      return <Account />;
    default:
      return <Empty title={t("missing")} />;
  }
}
