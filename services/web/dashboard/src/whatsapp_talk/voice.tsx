import { useRef, useState } from "react";
import { Download, Mic, Pause, Play } from "lucide-react";
import { IconButton } from "ui";
import { useFileActs } from "../files/acts.tsx";
import { DeleteButton } from "../files/card.tsx";
import type { SentFile } from "../files/kinds.ts";
import { useLink } from "../files/links.ts";
import { t } from "./words.ts";
import css from "./voice.module.css";

/** "1:05" */
export const lengthText = (seconds: number): string => {
  if (!Number.isFinite(seconds) || seconds < 0) return "0:00";
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

/** A recorded note: one button, how far it is, how long it lasts. Nothing but its length is fetched before it plays. */
export function VoiceNote({ file }: { file: SentFile }) {
  const acts = useFileActs();
  const { url, failed, again } = useLink(file, "full");
  const [broken, setBroken] = useState(0);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(0);
  const [playing, setPlaying] = useState(false);
  const sound = useRef<HTMLAudioElement>(null);
  const toggle = () => {
    if (playing) sound.current?.pause();
    else void sound.current?.play().catch(() => setPlaying(false));
  };
  const missed = () => {
    setBroken(broken + 1);
    again();
  };
  const seek = (to: number) => {
    setAt(to);
    if (sound.current) sound.current.currentTime = to;
  };
  if (failed || broken > 2) return <p className={css["broken"]}>{t("playFailed")}</p>;
  return (
    <div className={css["voice"]} role="group" aria-label={t("media.voice")} data-voice>
      <button type="button" className={css["play"]} aria-label={t(playing ? "pause" : "play")} onClick={toggle}>
        {playing ? <Pause size={17} aria-hidden /> : <Play size={17} aria-hidden />}
      </button>
      <span className={css["track"]}>
        <input
          type="range"
          min={0}
          max={Math.max(length, 0.1)}
          step={0.1}
          value={Math.min(at, Math.max(length, 0.1))}
          aria-label={t("position")}
          aria-valuetext={`${lengthText(at)} / ${lengthText(length)}`}
          onChange={(event) => seek(Number(event.target.value))}
        />
        <span className={css["times"]}>
          <Mic size={11} aria-hidden />
          {playing || at > 0 ? `${lengthText(at)} / ${lengthText(length)}` : lengthText(length)}
        </span>
      </span>
      <IconButton label={t("downloadVoice")} onClick={() => acts.download(file)}>
        <Download size={14} aria-hidden />
      </IconButton>
      <DeleteButton file={file} />
      <audio
        ref={sound}
        src={url ?? undefined}
        preload="metadata"
        onLoadedMetadata={(event) => {
          const { duration } = event.currentTarget;
          if (Number.isFinite(duration)) setLength(duration);
          if (at > 0) event.currentTarget.currentTime = at;
        }}
        onDurationChange={(event) => Number.isFinite(event.currentTarget.duration) && setLength(event.currentTarget.duration)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onEnded={() => seek(0)}
        onError={missed}
      />
    </div>
  );
}
