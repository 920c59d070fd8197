"""Writes features.json: what the published algorithms of the feature extractors give for one made recording, in numpy.

Run it here with python3; the tests compare with what it wrote. The arithmetic follows the papers and manuals that the extractors name:
Kaldi's filter bank (feature-fbank.cc) for AST, Slaney's mel scale and area normalisation for Whisper, mean and variance for Wav2Vec2.
"""

import json
import numpy as np

RATE = 16000


def recording():
    t = np.arange(int(1.3 * RATE)) / RATE
    chirp = 0.4 * np.sin(2 * np.pi * (200 * t + 1500 * t * t))
    ticks = 0.3 * ((np.arange(t.size) * 7919 % 1009) / 1009 - 0.5)
    return (chirp + ticks + 0.05).astype(np.float32)


def kaldi_mel(f):
    return 1127.0 * np.log(1.0 + f / 700.0)


def slaney_mel(f):
    f = np.asarray(f, dtype=np.float64)
    return np.where(f < 1000, 3 * f / 200, 15 + np.log(np.maximum(f, 1e-9) / 1000) * 27 / np.log(6.4))


def slaney_hertz(m):
    return np.where(m < 15, 200 * m / 3, 1000 * np.exp(np.log(6.4) / 27 * (m - 15)))


def triangles(places, corners):
    up = (places[:, None] - corners[None, :-2]) / np.diff(corners)[None, :-1]
    down = (corners[None, 2:] - places[:, None]) / np.diff(corners)[None, 1:]
    return np.maximum(0, np.minimum(up, down))


def ast(x, frames=128, bins=128, mean=-4.2677393, std=4.5689974):
    x = x.astype(np.float64)
    window = np.hanning(400)
    bank = triangles(kaldi_mel(np.arange(257) * RATE / 512), np.linspace(kaldi_mel(20), kaldi_mel(RATE / 2), bins + 2))
    out = np.zeros((frames, bins))
    for i in range(min(frames, 1 + (x.size - 400) // 160)):
        frame = x[i * 160:i * 160 + 400].copy()
        frame -= frame.mean()
        frame[1:] -= 0.97 * frame[:-1]
        frame[0] *= 1 - 0.97
        power = np.abs(np.fft.rfft(frame * window, 512)) ** 2
        out[i] = np.log(np.maximum(1.192092955078125e-07, power @ bank))
    return (out - mean) / (std * 2)


def whisper(x, bins, seconds):
    padded = np.zeros(seconds * RATE)
    padded[:x.size] = x
    padded = np.pad(padded, 200, mode="reflect")
    window = np.hanning(401)[:-1]
    corners = slaney_hertz(np.linspace(slaney_mel(0.0), slaney_mel(8000.0), bins + 2))
    bank = triangles(np.linspace(0, RATE / 2, 201), corners) * (2 / (corners[2:] - corners[:-2]))[None, :]
    out = np.stack([
        np.log10(np.maximum(1e-10, np.abs(np.fft.rfft(padded[i * 160:i * 160 + 400] * window)) ** 2 @ bank))
        for i in range(1 + (padded.size - 400) // 160)], axis=1)[:, :-1]
    out = np.maximum(out, out.max() - 8)
    return (out + 4) / 4


def wav2vec2(x):
    x = x.astype(np.float64)
    return (x - x.mean()) / np.sqrt(x.var() + 1e-7)


def sample(values):
    flat = values.ravel()
    places = np.arange(0, flat.size, max(1, flat.size // 400))
    return {"shape": list(values.shape), "places": places.tolist(), "values": [round(float(v), 6) for v in flat[places]]}


x = recording()
with open(__file__.replace(".py", ".json"), "w") as file:
    json.dump({"ast": sample(ast(x)), "whisper80": sample(whisper(x, 80, 2)), "whisper128": sample(whisper(x, 128, 3)), "wav2vec2": sample(wav2vec2(x))}, file)
    file.write("\n")
