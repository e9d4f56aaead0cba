import { useState } from "react";
import { useMutation } from "@tanstack/react-query";
import { Dialog, say, sentence } from "ui";
import { clientId, type Conversation } from "wire";
import { talkName, useInbox } from "../inbox/context.tsx";
import { postTemplate, type FilledTemplate } from "./api.ts";
import { said } from "./acts.ts";
import { TemplateChooser } from "./template_chooser.tsx";
import { t } from "./words.ts";

type Props = { conversation: Conversation; onClose: () => void };

/** Chooses a template for a conversation, fills it and sends it. */
export default function TemplateDialog({ conversation, onClose }: Props) {
  const inbox = useInbox();
  // The same id for every try: one press or five, they get it once.
  const [id, setId] = useState(clientId);
  const send = useMutation({
    mutationFn: (filled: FilledTemplate) => postTemplate(conversation.id, id, filled),
    onSuccess: (posted) => {
      said(inbox, posted);
      say(t("templateSent"));
      onClose();
    },
  });
  return (
    <Dialog open onClose={onClose} wide="full" title={t("templatesFor", { name: talkName(conversation) })}>
      <TemplateChooser
        person={conversation.contact.name}
        number={conversation.channel?.id ?? null}
        conversation={conversation.id}
        action={t("sendTemplate")}
        busy={send.isPending}
        error={send.error ? sentence(send.error) : null}
        onChange={() => {
          send.reset();
          setId(clientId());
        }}
        onSend={send.mutate}
      />
    </Dialog>
  );
}
