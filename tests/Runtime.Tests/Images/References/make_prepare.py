"""Makes prepare.npz: pictures, descriptions of image processors, and the tensors that their steps, taken one by one with
Pillow and numpy as the processors' documentation describes them, make of the pictures. Run by hand."""
import json
import math

import numpy as np
from PIL import Image

random = np.random.default_rng(7)
arrays = {}
CLIP = ([0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711])
IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])
HALF = ([0.5] * 3, [0.5] * 3)


def noise(height, width):
  blocks = random.integers(0, 256, (height // 6 + 1, width // 6 + 1, 3))
  pixels = np.kron(blocks, np.ones((6, 6, 1)))[:height, :width].astype(int)
  return np.clip(pixels + random.integers(-40, 41, pixels.shape), 0, 255).astype(np.uint8)


pictures = {"wide": noise(47, 83), "tall": noise(75, 40), "tiny": noise(9, 14)}
for name, pixels in pictures.items():
  arrays[f"picture|{name}"] = pixels


def resize(pixels, height, width, filter):
  return np.asarray(Image.fromarray(pixels).resize((width, height), filter))


def shortest(pixels, edge, longest=None):
  height, width = pixels.shape[:2]
  short, long = min(height, width), max(height, width)
  new_short, new_long = edge, int(edge * long / short)
  if longest and new_long > longest:
    new_short, new_long = int(longest * new_short / new_long), longest
  return (new_long, new_short) if width <= height else (new_short, new_long)


def detector(pixels, edge, longest, multiple=1):
  height, width = pixels.shape[:2]
  exact = edge
  if max(height, width) / min(height, width) * edge > longest:
    exact = longest * min(height, width) / max(height, width)
  short = int(round(exact))
  if min(height, width) == short:
    size = height, width
  elif width < height:
    size = int(exact * height / width), short
  else:
    size = short, int(exact * width / height)
  return size[0] // multiple * multiple, size[1] // multiple * multiple


def crop(pixels, height, width):
  top, left = (pixels.shape[0] - height) // 2, (pixels.shape[1] - width) // 2
  result = np.zeros((height, width, 3), np.uint8)
  for y in range(height):
    for x in range(width):
      if 0 <= y + top < pixels.shape[0] and 0 <= x + left < pixels.shape[1]:
        result[y, x] = pixels[y + top, x + left]
  return result


def values(pixels, mean_and_deviation=None, scale=1 / 255, offset=0):
  numbers = pixels.astype(np.float64)
  if scale:
    numbers = numbers * scale
  numbers = numbers.astype(np.float32) - np.float32(offset)
  if mean_and_deviation:
    mean, deviation = (np.array(part, np.float32) for part in mean_and_deviation)
    numbers = (numbers - mean) / deviation
  return numbers.transpose(2, 0, 1)


def border(numbers, height, width, top=0, left=0):
  result = np.zeros((3, height, width), np.float32)
  result[:, top:top + numbers.shape[1], left:left + numbers.shape[2]] = numbers
  return result


def case(name, config, prepare):
  arrays[f"config|{name}"] = np.frombuffer(json.dumps(config).encode(), np.uint8)
  for picture, pixels in pictures.items():
    arrays[f"tensor|{name}|{picture}"] = np.ascontiguousarray(prepare(pixels), np.float32)


def dpt(pixels, target, keep, multiple):
  height, width = pixels.shape[:2]
  vertical, horizontal = target / height, target / width
  if keep:
    vertical = horizontal = horizontal if abs(1 - horizontal) < abs(1 - vertical) else vertical
  return [int(round(scale * side / multiple) * multiple) for scale, side in ((vertical, height), (horizontal, width))]


def sam(pixels):
  scale = 64 / max(pixels.shape[:2])
  height, width = (int(side * scale + 0.5) for side in pixels.shape[:2])
  return border(values(resize(pixels, height, width, 2), IMAGENET), 64, 64)


def segmenter(pixels):
  height, width = (math.ceil(side / 32) * 32 for side in shortest(pixels, 33, 60))
  return values(resize(pixels, height, width, 2), IMAGENET)


def mirror(pixels):
  height, width = ((side // 8 + 1) * 8 - side for side in pixels.shape[:2])
  return values(np.pad(pixels, ((0, height), (0, width), (0, 0)), "symmetric"))


def donut(pixels):
  height, width = 48, 36
  pixels = resize(pixels, *shortest(pixels, 36), 2)
  h, w = pixels.shape[:2]
  new_h, new_w = min(h, height), min(w, width)
  if h > w:
    new_w = int(w * new_h / h)
  elif w > h:
    new_h = int(h * new_w / w)
  pixels = resize(pixels, new_h, new_w, 2)
  page = np.zeros((height, width, 3), np.uint8)
  top, left = (height - new_h) // 2, (width - new_w) // 2
  page[top:top + new_h, left:left + new_w] = pixels
  return values(page, HALF)


def timm(pixels, size, share, filter):
  pixels = resize(pixels, *shortest(pixels, math.floor(size / share)), filter)
  top, left = (int(round((side - size) / 2)) for side in pixels.shape[:2])
  return values(pixels[top:top + size, left:left + size], IMAGENET)


case("vit", {"feature_extractor_type": "ViTFeatureExtractor", "size": 24, "image_mean": 0.5, "image_std": [0.5]}, lambda p: values(resize(p, 24, 24, 2), HALF))
case("vit-unequal", {"image_processor_type": "ViTImageProcessorFast", "size": {"height": 20, "width": 31}, "resample": 1},
     lambda p: values(resize(p, 20, 31, 1), HALF))
case("deit", {"image_processor_type": "DeiTImageProcessor", "size": {"height": 32, "width": 32}, "crop_size": {"height": 28, "width": 28}, "image_mean": IMAGENET[0], "image_std": IMAGENET[1]},
     lambda p: values(crop(resize(p, 32, 32, 3), 28, 28), IMAGENET))
case("clip", {"feature_extractor_type": "CLIPFeatureExtractor", "size": 24, "crop_size": 24}, lambda p: values(crop(resize(p, *shortest(p, 24), 3), 24, 24), CLIP))
case("clip-small", {"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 13}, "crop_size": 20},
     lambda p: values(crop(resize(p, *shortest(p, 13), 3), 20, 20), CLIP))
case("clip-no-resize", {"image_processor_type": "CLIPImageProcessor", "do_resize": False, "crop_size": 21}, lambda p: values(crop(p, 21, 21), CLIP))
case("siglip", {"image_processor_type": "SiglipImageProcessor", "size": {"height": 24, "width": 24}, "do_convert_rgb": None}, lambda p: values(resize(p, 24, 24, 3), HALF))
case("convnext", {"image_processor_type": "ConvNextImageProcessor", "size": {"shortest_edge": 28}, "crop_pct": 0.875},
     lambda p: values(crop(resize(p, *shortest(p, int(28 / 0.875)), 2), 28, 28), HALF))
case("poolformer", {"image_processor_type": "PoolFormerImageProcessor", "size": {"shortest_edge": 27}, "crop_pct": 0.9, "crop_size": {"height": 27, "width": 27}},
     lambda p: values(crop(resize(p, *shortest(p, int(27 / 0.9)), 3), 27, 27), IMAGENET))
case("levit", {"image_processor_type": "LevitImageProcessor", "size": {"shortest_edge": 28}, "crop_size": {"height": 28, "width": 28}},
     lambda p: values(crop(resize(p, *shortest(p, int(256 / 224 * 28)), 3), 28, 28), IMAGENET))
case("mobilevit", {"image_processor_type": "MobileViTImageProcessor", "size": {"shortest_edge": 28}, "crop_size": {"height": 24, "width": 24}},
     lambda p: values(crop(resize(p, *shortest(p, 28), 2), 24, 24))[::-1])
case("efficientnet", {"image_processor_type": "EfficientNetImageProcessor", "size": {"height": 22, "width": 22}, "image_mean": IMAGENET[0], "image_std": [0.478, 0.473, 0.474]},
     lambda p: values(resize(p, 22, 22, 0), (IMAGENET[0], [0.478, 0.473, 0.474])) / np.array([0.478, 0.473, 0.474], np.float32)[:, None, None])
case("vivit", {"image_processor_type": "VivitImageProcessor", "size": {"shortest_edge": 26}, "crop_size": 20, "offset": True},
     lambda p: values(crop(resize(p, *shortest(p, 26), 2), 20, 20), None, 1 / 127.5, 1))
case("layoutlmv2", {"image_processor_type": "LayoutLMv2ImageProcessor", "size": {"height": 23, "width": 25}}, lambda p: values(resize(p, 23, 25, 2), None, None)[::-1])
case("detr", {"feature_extractor_type": "DetrFeatureExtractor", "size": 32, "max_size": 50, "format": "coco_detection"}, lambda p: values(resize(p, *detector(p, 32, 50), 2), IMAGENET))
case("detr-bounds", {"image_processor_type": "DetrImageProcessor", "size": {"max_height": 40, "max_width": 40}, "do_pad": True, "pad_size": {"height": 40, "width": 40}},
     lambda p: border(values(resize(p, *(int(side * min(40 / p.shape[0], 40 / p.shape[1])) for side in p.shape[:2]), 2), IMAGENET), 40, 40))
case("yolos", {"image_processor_type": "YolosImageProcessor", "size": {"shortest_edge": 40, "longest_edge": 70}}, lambda p: values(resize(p, *detector(p, 40, 70, 16), 2), IMAGENET))
case("maskformer", {"image_processor_type": "MaskFormerImageProcessor", "size": {"shortest_edge": 33, "longest_edge": 60}, "size_divisor": 32}, segmenter)
case("segformer", {"image_processor_type": "SegformerImageProcessor", "size": {"height": 32, "width": 32}, "do_reduce_labels": True}, lambda p: values(resize(p, 32, 32, 2), IMAGENET))
case("sam", {"image_processor_type": "SamImageProcessor", "size": {"longest_edge": 64}, "pad_size": {"height": 64, "width": 64}}, sam)
case("dpt", {"image_processor_type": "DPTImageProcessor", "size": {"height": 30, "width": 30}, "ensure_multiple_of": 8}, lambda p: values(resize(p, 32, 32, 3), HALF))
case("depth-anything", {"image_processor_type": "DPTImageProcessor", "size": {"height": 42, "width": 42}, "keep_aspect_ratio": True, "ensure_multiple_of": 14, "image_mean": IMAGENET[0], "image_std": IMAGENET[1]},
     lambda p: values(resize(p, *dpt(p, 42, True, 14), 3), IMAGENET))
case("glpn", {"image_processor_type": "GLPNImageProcessor", "size_divisor": 8, "resample": 2}, lambda p: values(resize(p, *(side // 8 * 8 for side in p.shape[:2]), 2)))
case("swin2sr", {"image_processor_type": "Swin2SRImageProcessor", "pad_size": 8}, mirror)
case("donut", {"image_processor_type": "DonutImageProcessor", "size": {"height": 48, "width": 36}}, donut)
case("timm", {"architecture": "x", "pretrained_cfg": {"input_size": [3, 24, 24], "crop_pct": 0.9, "interpolation": "bicubic", "crop_mode": "center", "mean": IMAGENET[0], "std": IMAGENET[1]}},
     lambda p: timm(p, 24, 0.9, 3))
case("timm-whole", {"pretrained_cfg": {"input_size": [3, 25, 25], "crop_pct": 1.0, "interpolation": "bilinear"}}, lambda p: timm(p, 25, 1, 2))
np.savez_compressed("prepare.npz", **arrays)
