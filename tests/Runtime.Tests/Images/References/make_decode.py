"""Makes decode.npz: small pictures of every kind and what Pillow decodes them to. Needs Pillow and numpy; run by hand."""
import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

random = np.random.default_rng(18)
arrays = {}


def picture(width, height):
  blocks = random.integers(0, 256, (height // 9 + 1, width // 9 + 1, 3))
  pixels = np.kron(blocks, np.ones((9, 9, 1)))[:height, :width].astype(int)
  return Image.fromarray(np.clip(pixels + random.integers(-25, 26, pixels.shape), 0, 255).astype(np.uint8))


def add(name, image, kind, **options):
  file = io.BytesIO()
  image.save(file, kind, **options)
  opened = Image.open(io.BytesIO(file.getvalue()))
  arrays[f"{name}|file"] = np.frombuffer(file.getvalue(), np.uint8)
  arrays[f"{name}|rgb"] = np.asarray(ImageOps.exif_transpose(opened).convert("RGB"))


def add_png16(name, colour_type, samples):
  """Pillow writes no colours of 16 bits: big-endian samples, each row after a filter byte of 0."""
  height, width, _ = samples.shape
  rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples)
  header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
  parts = (b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
  file = b"\x89PNG\r\n\x1a\n" + b"".join(
    struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts)
  arrays[f"{name}|file"] = np.frombuffer(file, np.uint8)
  arrays[f"{name}|rgb"] = np.asarray(Image.open(io.BytesIO(file)).convert("RGB"))


colours = picture(70, 45)
clear = colours.copy().convert("RGBA")
clear.putalpha(colours.getchannel(1))
for quality in 20, 75, 95:
  for subsampling in 0, 1, 2:
    add(f"jpeg-q{quality}-s{subsampling}", colours, "JPEG", quality=quality, subsampling=subsampling)
add("jpeg-progressive", colours, "JPEG", progressive=True)
add("jpeg-grey", colours.convert("L"), "JPEG")
add("jpeg-inks", Image.fromarray(random.integers(0, 256, (20, 30, 4), dtype=np.uint8), "CMYK"), "JPEG", quality=90)
add("jpeg-one", colours.crop((0, 0, 1, 1)), "JPEG")
add("png", colours, "PNG")
add("png-grey", colours.convert("L"), "PNG")
add("png-grey-alpha", clear.convert("LA"), "PNG")
add("png-alpha", clear, "PNG")
add("png-bits", colours.convert("1"), "PNG")
add("png-palette-2", colours.quantize(3), "PNG", bits=2)
add("png-palette-4", colours.quantize(13), "PNG", bits=4)
add("png-palette-8", colours.quantize(99), "PNG")
add("png-palette-clear", colours.quantize(20), "PNG", transparency=3)
add("png-grey-clear", colours.convert("L"), "PNG", transparency=5)
add("png-grey-16", Image.fromarray(random.integers(0, 600, (12, 17)).astype(np.uint16)), "PNG")
add_png16("png-16", 2, random.integers(0, 65536, (9, 11, 3)))
add_png16("png-grey-alpha-16", 4, random.integers(0, 65536, (9, 11, 2)))
add_png16("png-alpha-16", 6, random.integers(0, 65536, (9, 11, 4)))
add("webp", colours, "WEBP", quality=80)
add("webp-alpha", clear, "WEBP", quality=80)
add("webp-lossless", colours, "WEBP", lossless=True)
add("webp-animated", colours, "WEBP", save_all=True, append_images=[picture(70, 45)], lossless=True)
add("gif", colours.quantize(60), "GIF")
add("gif-grey", colours.convert("L"), "GIF")
add("gif-clear", colours.quantize(20), "GIF", transparency=3)
add("gif-clear-first", colours.quantize(20), "GIF", transparency=0, comment=b"a comment before the picture", duration=40)
add("gif-animated", colours.quantize(40), "GIF", save_all=True, append_images=[picture(70, 45).quantize(40)])
small = picture(13, 7)
for orientation in range(1, 9):
  exif = Image.Exif()
  exif[0x0112] = orientation
  add(f"jpeg-exif-{orientation}", small, "JPEG", exif=exif.tobytes(), quality=95)
  add(f"png-exif-{orientation}", small, "PNG", exif=exif.tobytes())
  add(f"webp-exif-{orientation}", small, "WEBP", exif=exif.tobytes(), lossless=True)
np.savez_compressed("decode.npz", **arrays)
