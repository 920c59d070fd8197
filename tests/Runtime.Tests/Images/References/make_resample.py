"""Makes resample.npz: pictures with noise and edges, and what Pillow resizes them to. Needs Pillow and numpy; run by hand."""
import numpy as np
from PIL import Image

random = np.random.default_rng(22)
arrays = {}
sizes = {
  "colours": [(20, 15), (61, 20), (19, 47), (100, 77), (61, 90), (1, 1), (224, 3), (7, 150), (31, 24), (60, 46)],
  "grey": [(13, 9), (80, 70), (37, 11)],
  "column": [(1, 20), (5, 3)],
  "edges": [(33, 33), (128, 128), (63, 65), (5, 64)],
}


def noise(height, width, channels):
  blocks = random.integers(0, 256, (height // 7 + 1, width // 7 + 1, channels))
  pixels = np.kron(blocks, np.ones((7, 7, 1)))[:height, :width].astype(int)
  return np.clip(pixels + random.integers(-60, 61, pixels.shape), 0, 255).astype(np.uint8)


pictures = {
  "colours": noise(47, 61, 3),
  "grey": noise(30, 37, 1)[:, :, 0],
  "column": noise(90, 1, 3),
  # Black and white only, so that filters which overshoot are clipped.
  "edges": ((random.integers(0, 2, (64, 64, 3)) * 255).astype(np.uint8)),
}
for name, pixels in pictures.items():
  arrays[name] = pixels
  for width, height in sizes[name]:
    for filter in range(6):
      arrays[f"{name}|{filter}|{width}x{height}"] = np.asarray(Image.fromarray(pixels).resize((width, height), filter))
np.savez_compressed("resample.npz", **arrays)
