"""Judges the simulator with a public client library that knows nothing of it.

oracle.py parse FILE SECRET   one JSON object a line: {"name", "body", "signature"}; prints one verdict a line
oracle.py send BASE NUMBER WABA TOKEN TO   sends every kind through the library's client; prints one verdict a line
"""

import json
import sys
import traceback

from pywa import WhatsApp, types
from pywa.types.base_update import RawUpdate
from pywa.types import templates as t


def verdict(name, ok, **more):
    print(json.dumps({"name": name, "ok": ok, **more}, default=str), flush=True)


def parse(path, secret):
    wa = WhatsApp(token="x", app_secret=secret, verify_token="x", filter_updates=False)
    for line in open(path, encoding="utf-8"):
        push = json.loads(line)
        body = push["body"].encode()
        try:
            refused = wa.webhook_update_validator(body, push["signature"])
            if refused:
                verdict(push["name"], False, why=f"signature: {refused}")
                continue
            raw = RawUpdate(body, hmac_header=push["signature"], update_hash="")
            kind = wa._get_handler_type(raw)
            if kind is None:
                verdict(push["name"], True, parsed=None)
                continue
            update = wa._handlers_to_updates[kind].from_update(client=wa, update=raw)
            verdict(push["name"], True, parsed=type(update).__name__, seen=repr(update)[:2000])
        except Exception as error:
            verdict(push["name"], False, why=f"{type(error).__name__}: {error}", trace=traceback.format_exc()[-700:])


def send(base, number, waba, token, to):
    wa = WhatsApp(phone_id=number, token=token, waba_id=waba)
    wa.api._session.base_url = f"{base}/v25.0"
    png = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082")
    kept = {}

    def text():
        kept["text"] = wa.send_message(to=to, text="Hello *there*", tracker="opaque-1")
        return kept["text"]

    def upload():
        media = wa.upload_media(media=png, mime_type="image/png", filename="a.png")
        kept["media"] = media if isinstance(media, str) else media.id
        return media

    buttons = lambda: wa.send_message(to=to, text="Well?", header="Head", footer="Foot", buttons=[
        types.Button(title="Yes", callback_data="yes"), types.Button(title="No", callback_data="no")])
    section = types.SectionList(button_title="Choose", sections=[types.Section(title="One", rows=[
        types.SectionRow(title="Fast", callback_data="fast", description="Today"),
        types.SectionRow(title="Slow", callback_data="slow")])])
    card = types.Contact(name=types.Contact.Name(formatted_name="Ada Lovelace", first_name="Ada"),
        phones=[types.Contact.Phone(phone="+4917012345", type="MOBILE")])

    def template():
        return wa.send_template(to=to, name="order_update", language=t.TemplateLanguage.ENGLISH_US, params=[
            t.BodyText.params("Pablo", "860198"),
            t.QuickReplyButton.params(callback_data="thanks", index=0),
            t.URLButton.params(url_variable="1", index=1)])

    def create():
        return wa.create_template(t.Template(name="made_by_oracle", language=t.TemplateLanguage.ENGLISH_US,
            category=t.TemplateCategory.UTILITY, parameter_format=t.ParamFormat.POSITIONAL,
            components=[t.BodyText("Hello {{1}}, welcome.", "Ada")]))

    steps = [
        ("text", text),
        ("reply", lambda: wa.send_message(to=to, text="Quoting", reply_to_message_id=kept["text"].id)),
        ("buttons", buttons),
        ("list", lambda: wa.send_message(to=to, text="Pick", buttons=section)),
        ("cta_url", lambda: wa.send_message(to=to, text="Go", buttons=types.URLButton(title="Open", url="https://example.com"))),
        ("location_request", lambda: wa.send_message(to=to, text="Where?", buttons=types.LocationRequestButton())) if hasattr(types, "LocationRequestButton") else None,
        ("upload", upload),
        ("image", lambda: wa.send_image(to=to, image=kept["media"], caption="A picture")),
        ("image_bytes", lambda: wa.send_image(to=to, image=png, mime_type="image/png")),
        ("document", lambda: wa.send_document(to=to, document=b"%PDF-1.4 oracle", filename="a.pdf", mime_type="application/pdf", caption="Paper")),
        ("video", lambda: wa.send_video(to=to, video=b"\0\0\0\x18ftypmp42", mime_type="video/mp4")),
        ("audio", lambda: wa.send_audio(to=to, audio=b"ID3oracle", mime_type="audio/mpeg")),
        ("sticker", lambda: wa.send_sticker(to=to, sticker=b"RIFForacle", mime_type="image/webp")),
        ("location", lambda: wa.send_location(to=to, latitude=52.52, longitude=13.4, name="Porch", address="1 Way")),
        ("contact", lambda: wa.send_contact(to=to, contact=card)),
        ("reaction", lambda: wa.send_reaction(to=to, emoji="👍", message_id=kept["text"].id)),
        ("unreact", lambda: wa.remove_reaction(to=to, message_id=kept["text"].id)),
        ("template", template),
        ("media_url", lambda: wa.get_media_url(kept["media"])),
        ("download", lambda: wa.get_media_bytes(wa.get_media_url(kept["media"]).url)),
        ("delete_media", lambda: wa.delete_media(kept["media"])),
        ("number", lambda: wa.get_business_phone_number()),
        ("numbers", lambda: list(wa.get_business_phone_numbers())),
        ("account", lambda: wa.get_business_account()),
        ("profile", lambda: wa.get_business_profile()),
        ("update_profile", lambda: wa.update_business_profile(about="Porches")),
        ("templates", lambda: [x.name for x in wa.get_templates()]),
        ("create_template", create),
        ("block", lambda: wa.block_users([to])),
        ("blocked", lambda: list(wa.get_blocked_users())),
        ("unblock", lambda: wa.unblock_users([to])),
        ("mark_read", lambda: wa.mark_message_as_read(sys.stdin.readline().strip())),
        ("typing", lambda: wa.indicate_typing(sys.stdin.readline().strip())),
    ]
    for name, step in filter(None, steps):
        try:
            verdict(name, True, answer=repr(step())[:300])
        except Exception as error:
            verdict(name, False, why=f"{type(error).__name__}: {error}", trace=traceback.format_exc()[-500:])


if __name__ == "__main__":
    {"parse": parse, "send": send}[sys.argv[1]](*sys.argv[2:])
