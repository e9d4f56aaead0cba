import { lazy, Suspense, useEffect, useState } from "react";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { Problem } from "wire";
import { Button, Empty, Opening, Root } from "ui";
import { Invitation } from "./identity/invitation.tsx";
import { SignIn } from "./identity/sign_in.tsx";
import { useRoute, type Route } from "./router.ts";
import { session, useSession } from "./session.ts";
import { t } from "./shell/words.ts";

const SignedIn = lazy(() => import("./shell/signed_in.tsx"));

const makeClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 20_000,
        retry: (count, error) => error instanceof Problem && error.temporary && count < 2,
      },
    },
  });

export function App() {
  return (
    <Root>
      <Gate />
    </Root>
  );
}

/** Who sees what: an invitation comes first, then the sign-in, then the house. */
function Gate() {
  const route = useRoute();
  const state = useSession();
  const invitation = useInvitation(route);
  if (invitation) return <Invitation token={invitation.token} onDone={invitation.done} />;
  if (state.phase === "starting") return <Opening />;
  if (state.phase === "unreachable") return <Unreachable />;
  if (state.phase === "out") return <SignIn reason={state.reason} />;
  const { agent, tenant } = state.grant;
  return <House key={`${agent.id} ${tenant.id} ${agent.role}`} />;
}

/** A client of its own per person and role, so that nothing one person saw is left for the next. */
function House() {
  const [client] = useState(makeClient);
  useEffect(() => () => client.clear(), [client]);
  return (
    <QueryClientProvider client={client}>
      <Suspense fallback={<Opening />}>
        <SignedIn />
      </Suspense>
    </QueryClientProvider>
  );
}

/** The token leaves the address at once: addresses are shared, synchronised and photographed. */
function useInvitation(route: Route) {
  const [token, setToken] = useState<string | null>(null);
  useEffect(() => {
    if (route.page !== "accept") return;
    setToken(route.token);
    history.replaceState(null, "", "#/inbox");
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  }, [route]);
  const now = route.page === "accept" ? route.token : token;
  return now ? { token: now, done: () => setToken(null) } : null;
}

function Unreachable() {
  return (
    <Empty title={t("unreachable")} action={<Button onClick={() => void session.start()}>{t("tryNow")}</Button>}>
      {t("unreachableText")}
    </Empty>
  );
}
