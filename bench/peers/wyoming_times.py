"""Times a Wyoming server. stt: audio-stop to transcript for WAV files; tts: synthesize to first audio for texts."""
import asyncio
import json
import statistics
import sys
import time
import wave

from wyoming.asr import Transcribe, Transcript
from wyoming.audio import AudioChunk, AudioStart, AudioStop
from wyoming.client import AsyncClient
from wyoming.tts import Synthesize

kind, uri, repeats, *inputs = sys.argv[1:]


async def connected():
    for _ in range(240):
        client = AsyncClient.from_uri(uri)
        try:
            await client.connect()
            return client
        except OSError:
            await asyncio.sleep(0.25)
    raise SystemExit(f"nothing listens on {uri}")


async def stt(path):
    client = await connected()
    with wave.open(path) as wav:
        rate, width, channels = wav.getframerate(), wav.getsampwidth(), wav.getnchannels()
        await client.write_event(Transcribe(language="en").event())
        await client.write_event(AudioStart(rate=rate, width=width, channels=channels).event())
        while chunk := wav.readframes(1600):
            await client.write_event(AudioChunk(rate=rate, width=width, channels=channels, audio=chunk).event())
    started = time.perf_counter()
    await client.write_event(AudioStop().event())
    while event := await client.read_event():
        if Transcript.is_type(event.type):
            await client.disconnect()
            return (time.perf_counter() - started) * 1000, Transcript.from_event(event).text
    raise SystemExit("the server closed before its transcript")


async def tts(text):
    client = await connected()
    started = time.perf_counter()
    await client.write_event(Synthesize(text=text).event())
    first = None
    while event := await client.read_event():
        if AudioChunk.is_type(event.type) and first is None:
            first = (time.perf_counter() - started) * 1000
        if AudioStop.is_type(event.type):
            break
    await client.disconnect()
    return first, ""


async def main():
    run = stt if kind == "stt" else tts
    await run(inputs[0])
    for one in inputs:
        results = [await run(one) for _ in range(int(repeats))]
        print(json.dumps({"file": one, "ms": statistics.median(ms for ms, _ in results), "text": results[-1][1]}), flush=True)


asyncio.run(main())
