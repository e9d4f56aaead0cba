import { useState } from "react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Problem, sizeText } from "wire";
import { Button, Failed, Field, Form, FormEnd, Input, say, Section, sentence, Skeleton } from "ui";
import { t } from "../words.ts";
import { changeRoom, room as fetchRoom, roomKey, type FileRoom } from "./api.ts";
import { bytesOf, gibibytes, mebibytes } from "./room_state.ts";
import css from "./tenants.module.css";

/** What a client's files take up, and how much they may. */
export function Room({ id }: { id: string }) {
  const { data, error, refetch } = useQuery({ queryKey: roomKey(id), queryFn: () => fetchRoom(id) });
  return (
    <Section title={t("files")} text={t("filesText")}>
      {!data && !error && <Skeleton lines={2} />}
      {error && !data && <Failed error={error} onRetry={() => void refetch()} />}
      {data && <Change key={`${data.quota_bytes} ${data.max_bytes}`} id={id} room={data} />}
    </Section>
  );
}

function Change({ id, room }: { id: string; room: FileRoom }) {
  const client = useQueryClient();
  const [quota, setQuota] = useState(gibibytes(room.quota_bytes));
  const [most, setMost] = useState(room.max_bytes === null ? "" : mebibytes(room.max_bytes));
  const asked = { quota_bytes: bytesOf(quota, 1024 ** 3), max_bytes: most.trim() === "" ? null : bytesOf(most, 1024 ** 2) };
  const wrong = asked.quota_bytes === undefined || asked.max_bytes === undefined;
  const changed = asked.quota_bytes !== room.quota_bytes || asked.max_bytes !== room.max_bytes;
  const save = useMutation({
    mutationFn: () => changeRoom(id, { quota_bytes: asked.quota_bytes ?? 0, max_bytes: asked.max_bytes ?? null }),
    onSuccess: (now) => {
      client.setQueryData(roomKey(id), now);
      say(t("roomSaved"));
    },
  });
  const fault = (field: string) => (save.error instanceof Problem ? save.error.fields.find((one) => one.field === field)?.detail : undefined);
  const general = save.error && !fault("quota_bytes") && !fault("max_bytes") ? sentence(save.error) : null;
  const used = t("roomUsed", { used: sizeText(room.used_bytes, navigator.language), quota: sizeText(room.quota_bytes, navigator.language) });
  return (
    <Form onSubmit={() => !wrong && changed && save.mutate()}>
      <p className={css["used"]}>
        <meter min={0} max={Math.max(1, room.quota_bytes)} value={room.used_bytes} aria-label={t("files")} /> {used}
      </p>
      <Field label={t("quota")} error={asked.quota_bytes === undefined ? t("notNumber") : (fault("quota_bytes") ?? general)}>
        <Input inputMode="decimal" autoComplete="off" value={quota} onChange={(event) => setQuota(event.target.value)} />
      </Field>
      <Field label={t("maxFile")} hint={t("maxFileHint")} error={asked.max_bytes === undefined ? t("notNumber") : fault("max_bytes")}>
        <Input inputMode="decimal" autoComplete="off" value={most} onChange={(event) => setMost(event.target.value)} />
      </Field>
      <FormEnd>
        <Button type="submit" tone="primary" busy={save.isPending} disabled={wrong || !changed}>{t("save")}</Button>
      </FormEnd>
    </Form>
  );
}
