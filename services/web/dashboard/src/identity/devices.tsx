import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { MonitorSmartphone } from "lucide-react";
import { Button, Chip, Failed, longAge, Row, Rows, say, Section, sentence, Skeleton, useNow } from "ui";
import { session } from "../session.ts";
import { endSession, sessions } from "./api.ts";
import { t } from "./words.ts";

const key = ["sessions"];

export function Devices() {
  const now = useNow();
  const client = useQueryClient();
  const { data, isPending, error, refetch } = useQuery({ queryKey: key, queryFn: sessions, staleTime: 0, refetchInterval: 30_000 });
  const end = useMutation({
    mutationFn: endSession,
    onSuccess: () => say(t("deviceOut")),
    onError: (problem) => say(sentence(problem), { tone: "bad" }),
    onSettled: () => client.invalidateQueries({ queryKey: key }),
  });
  return (
    <Section title={t("devices")} text={t("devicesText")} flush>
      {isPending && <Skeleton lines={2} />}
      {error && <Failed error={error} onRetry={() => void refetch()} />}
      <Rows>
        {data?.items.map((device) => (
          <Row
            key={device.id}
            lead={<MonitorSmartphone size={18} aria-hidden />}
            title={
              <>
                {device.device}
                {device.current && <Chip tone="good">{t("thisDevice")}</Chip>}
              </>
            }
            text={[t("deviceSeen", { when: longAge(device.last_seen_at, now) }), device.ip].filter(Boolean).join(" · ")}
            end={
              <Button size="s" busy={end.isPending && end.variables === device.id} onClick={() => (device.current ? void session.signOut() : end.mutate(device.id))}>
                {t("signOutDevice")}
              </Button>
            }
          />
        ))}
      </Rows>
    </Section>
  );
}
