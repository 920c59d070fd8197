"""Writes a recording of two tones with a pause between them: make.py [FILE]"""
import array
import math
import sys
import wave

RATE = 16000


def tone(hertz, seconds):
    return [int(12000 * math.sin(2 * math.pi * hertz * i / RATE)) for i in range(int(RATE * seconds))]


with wave.open(sys.argv[1] if len(sys.argv) > 1 else "tones.wav", "wb") as file:
    file.setnchannels(1)
    file.setsampwidth(2)
    file.setframerate(RATE)
    samples = array.array("h", tone(440, 0.8) + [0] * RATE + tone(660, 0.8))
    if sys.byteorder == "big":
        samples.byteswap()

    file.writeframes(samples.tobytes())
