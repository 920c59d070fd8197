"""Makes maps.npz: maps of numbers and what PyTorch interpolates them to. Needs PyTorch and numpy; run by hand."""
import numpy as np
import torch

random = np.random.default_rng(5)
arrays = {}
for rows, columns in (9, 13), (1, 1), (40, 3), (24, 24):
  values = (random.standard_normal((rows, columns)) * 10).astype(np.float32)
  arrays[f"{rows}x{columns}"] = values
  for height, width in (20, 31), (4, 5), (9, 13), (1, 1), (64, 7), (97, 100):
    for mode in "nearest", "bilinear", "bicubic":
      options = {} if mode == "nearest" else {"align_corners": False}
      resized = torch.nn.functional.interpolate(torch.from_numpy(values)[None, None], size=(height, width), mode=mode, **options)
      arrays[f"{rows}x{columns}|{mode}|{height}x{width}"] = resized[0, 0].numpy()
np.savez_compressed("maps.npz", **arrays)
