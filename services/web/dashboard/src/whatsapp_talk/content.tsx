import { CircleHelp, ExternalLink, List, MapPin, MousePointerClick, Reply } from "lucide-react";
import { LINK_REL, safeUrl, type Content } from "wire";
import { Avatar } from "ui";
import { FormTable, OrderTable } from "./tables.tsx";
import { degrees, mapUrl, systemText, unsupportedText } from "./texts.ts";
import { t } from "./words.ts";
import css from "./talk.module.css";

type Of<T extends Content["type"]> = Extract<Content, { type: T }>;

/** What a message holds that is neither words nor a file. */
export function ContentView({ content }: { content: Content }) {
  switch (content.type) {
    case "location":
      return <Place place={content} />;
    case "contacts":
      return <Cards cards={content.cards} />;
    case "choice":
      return <Choice choice={content} />;
    case "form":
      return <FormTable form={content} />;
    case "order":
      return <OrderTable order={content} />;
    case "unsupported":
      return <Unsupported what={content.what} />;
    case "template":
      return <Offers label={t("buttons")} offers={content.buttons.map((title) => ({ title }))} />;
    case "buttons":
      return <Offers label={t("buttons")} offers={content.buttons} />;
    case "list":
      return <Rows list={content} />;
    case "link":
      return <LinkButton link={content} />;
    case "system":
      return <p className={css["quiet"]}>{systemText(content.what)}</p>;
    case "media":
      return null;
  }
}

/** Nothing is loaded from a map's server; its page opens when the reader presses. */
function Place({ place }: { place: Of<"location"> }) {
  return (
    <div className={css["place"]}>
      <span className={css["pin"]} aria-hidden>
        <MapPin size={20} />
      </span>
      <span className={css["placeWords"]}>
        <strong>{place.name ?? t("location")}</strong>
        {place.address && <span>{place.address}</span>}
        <span className={css["fine"]}>{degrees(place)}</span>
        <a href={mapUrl(place)} target="_blank" rel={LINK_REL} title={t("openMapHint")}>
          {t("openMap")} <ExternalLink size={11} aria-hidden />
        </a>
      </span>
    </div>
  );
}

function Cards({ cards }: { cards: Of<"contacts">["cards"] }) {
  return (
    <ul className={css["cards"]}>
      {cards.map((card, at) => (
        <li key={at} className={css["card"]}>
          <Avatar name={card.name} size={34} />
          <span className={css["cardWords"]}>
            <strong>{card.name}</strong>
            {card.organisation && <span>{card.organisation}</span>}
            {card.phones.map((phone) => (
              <a key={phone} href={`tel:${phone.replace(/[^\d+]/g, "")}`}>{phone}</a>
            ))}
            {card.emails.map((email) => (
              <a key={email} href={safeUrl(`mailto:${email}`) ?? undefined}>{email}</a>
            ))}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Choice({ choice }: { choice: Of<"choice"> }) {
  return (
    <span className={css["choice"]}>
      <MousePointerClick size={14} aria-label={t("tapped")} />
      <span>
        <strong>{choice.title}</strong>
        {choice.description && <span className={css["fine"]}>{choice.description}</span>}
      </span>
    </span>
  );
}

function Unsupported({ what }: { what: string | null }) {
  return (
    <span className={css["unsupported"]}>
      <CircleHelp size={15} aria-hidden />
      {unsupportedText(what)}
    </span>
  );
}

type Offer = { title: string };

/** What they can tap, as it stands under the words on their phone. */
function Offers({ offers, label }: { offers: readonly Offer[]; label: string }) {
  if (offers.length === 0) return null;
  return (
    <ul className={css["offers"]} aria-label={label}>
      {offers.map(({ title }, at) => (
        <li key={at}>
          <Reply size={13} aria-hidden />
          {title}
        </li>
      ))}
    </ul>
  );
}

function Rows({ list }: { list: Of<"list"> }) {
  return (
    <details className={css["rows"]}>
      <summary>
        <List size={13} aria-hidden />
        {list.button}
      </summary>
      <ul aria-label={t("listRows", { button: list.button })}>
        {list.rows.map((row) => (
          <li key={row.id}>
            {row.title}
            {row.description && <span className={css["fine"]}>{row.description}</span>}
          </li>
        ))}
      </ul>
    </details>
  );
}

function LinkButton({ link }: { link: Of<"link"> }) {
  const safe = safeUrl(link.url);
  const inside = (
    <>
      <ExternalLink size={13} aria-hidden />
      {link.label}
    </>
  );
  return (
    <div className={css["offers"]}>
      {safe ? (
        <a href={safe} target="_blank" rel={LINK_REL} title={t("opens", { url: safe })}>{inside}</a>
      ) : (
        <span>{inside}</span>
      )}
    </div>
  );
}
