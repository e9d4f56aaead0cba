import { useEffect, useRef, useState } from "react";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Images } from "lucide-react";
import type { Conversation } from "wire";
import { Button, Empty, Failed, Segments, Skeleton } from "ui";
import { contactName, useInbox } from "../inbox/context.tsx";
import { t as inboxWords } from "../inbox/words.ts";
import { gallery, galleryKey, type GalleryItem } from "./api.ts";
import type { Shown } from "./acts.tsx";
import { GalleryDocuments } from "./gallery_documents.tsx";
import { GalleryPictures } from "./gallery_pictures.tsx";
import { isInGrid } from "./kinds.ts";
import { t } from "./words.ts";
import css from "./gallery.module.css";

type Kind = "all" | "pictures" | "documents";
const kinds: readonly Kind[] = ["all", "pictures", "documents"];

/** Everything that was sent in one conversation, newest first. */
export function Gallery({ conversation, onJump }: { conversation: Conversation; onJump: (seq: number) => void }) {
  const found = useGallery(conversation.id);
  const [kind, setKind] = useState<Kind>("all");
  if (found.isPending) return <Skeleton lines={4} />;
  if (found.isError) return <Failed error={found.error} title={t("galleryFailed")} onRetry={() => void found.refetch()} />;
  const items = found.data.pages.flatMap((page) => page.items);
  if (items.length === 0)
    return (
      <Empty icon={<Images size={20} aria-hidden />} title={t("galleryEmpty")}>
        {t("galleryEmptyText")}
      </Empty>
    );
  return (
    <div className={css["gallery"]}>
      <Segments label={t("show")} value={kind} options={kinds.map((value) => ({ value, label: t(value) }))} onChange={setKind} />
      <Parts items={items} kind={kind} conversation={conversation} onJump={onJump} />
      <More found={found} />
    </div>
  );
}

type PartsProps = { items: readonly GalleryItem[]; kind: Kind; conversation: Conversation; onJump: (seq: number) => void };

function Parts({ items, kind, conversation, onJump }: PartsProps) {
  const inbox = useInbox();
  const nameOf = ({ author }: GalleryItem) =>
    author.kind === "visitor" ? contactName(conversation.contact) : author.id === inbox.me.id ? inboxWords("you") : author.name;
  const shown: Shown[] = items.map((item) => ({ file: item.file, by: nameOf(item), at: item.created_at, seq: item.seq }));
  const pictures = kind === "documents" ? [] : shown.filter(({ file }) => isInGrid(file));
  const documents = kind === "pictures" ? [] : shown.filter(({ file }) => !isInGrid(file));
  if (pictures.length + documents.length === 0) return <p className={css["quiet"]}>{t("galleryOnly")}</p>;
  return (
    <>
      {pictures.length > 0 && <GalleryPictures pictures={pictures} onJump={onJump} />}
      {documents.length > 0 && <GalleryDocuments documents={documents} onJump={onJump} />}
    </>
  );
}

/** What happens in the conversation is in its gallery at once. */
function useGallery(id: string) {
  const inbox = useInbox();
  const client = useQueryClient();
  useEffect(
    () =>
      inbox.listen((event) => {
        if (!("conversation_id" in event) || event.conversation_id !== id) return;
        const matters = event.type === "file_changed" || (event.type === "message_posted" && event.message.files.length > 0);
        if (matters) void client.invalidateQueries({ queryKey: galleryKey(id) });
      }),
    [inbox, client, id],
  );
  return useInfiniteQuery({
    queryKey: galleryKey(id),
    queryFn: ({ pageParam }) => gallery(id, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** The next page is asked for shortly before its place comes into view. */
function More({ found }: { found: ReturnType<typeof useGallery> }) {
  const mark = useRef<HTMLDivElement>(null);
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = found;
  useEffect(() => {
    if (!hasNextPage || isFetchingNextPage || isFetchNextPageError || !mark.current) return;
    const watcher = new IntersectionObserver(([entry]) => entry?.isIntersecting && void fetchNextPage(), { rootMargin: "300px" });
    watcher.observe(mark.current);
    return () => watcher.disconnect();
  }, [hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage]);
  if (isFetchNextPageError)
    return (
      <p className={css["quiet"]} role="alert">
        {t("galleryMoreFailed")} <Button size="s" onClick={() => void fetchNextPage()}>{t("retry")}</Button>
      </p>
    );
  return <div ref={mark}>{isFetchingNextPage && <Skeleton lines={2} />}</div>;
}
