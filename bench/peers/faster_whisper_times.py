"""Transcribes WAV files with faster-whisper and prints one JSON line for each: name, time in ms (median), text."""
import json
import statistics
import sys
import time

from faster_whisper import WhisperModel

folder, threads, repeats, *files = sys.argv[1:]
model = WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=int(threads))


def transcribe(path):
    segments, _ = model.transcribe(path, language="en", beam_size=1)
    return " ".join(segment.text.strip() for segment in segments)


transcribe(files[0])
for path in files:
    times = []
    for _ in range(int(repeats)):
        started = time.perf_counter()
        text = transcribe(path)
        times.append((time.perf_counter() - started) * 1000)
    print(json.dumps({"file": path, "ms": statistics.median(times), "text": text}), flush=True)
