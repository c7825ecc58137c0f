<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * The QR code of a receipt as an image (ISO/IEC 18004: bytes, error correction M), for pages that must not ask a third
 * party to draw it. Texts of up to 213 bytes; a receipt has some 70.
 */
final class QrCode
{
    private const QUIET = 4;
    private const MAX_VERSION = 10;
    /** By version: bytes of error correction in a block, and how many blocks there are. */
    private const BLOCKS = [1 => [10, 1], [16, 1], [26, 1], [18, 2], [24, 2], [16, 4], [18, 4], [22, 4], [22, 5], [26, 5]];
    /** What a row must not look like: the finder pattern with its quiet zone on one side. */
    private const FALSE_FINDERS = ['10111010000', '00001011101'];

    private int $version;
    private int $size;
    /** @var int[][] 1 is dark */
    private array $modules = [];
    /** @var bool[][] what belongs to the patterns, and not to the text */
    private array $isFixed = [];

    private function __construct(string $text)
    {
        $this->version = self::versionFor(strlen($text));
        $this->size = 17 + 4 * $this->version;
        $this->modules = $this->isFixed = array_fill(0, $this->size, array_fill(0, $this->size, 0));
        $this->drawPatterns();
        $this->drawText($this->withCorrection($this->encode($text)));
        $this->drawMask($this->bestMask());
    }

    /** An <svg> element without a size: style decides; "" if the text is empty or too long. */
    public static function svg(string $text): string
    {
        if ($text === '' || self::versionFor(strlen($text)) > self::MAX_VERSION) {
            return '';
        }
        $code = new self($text);
        $path = '';
        foreach ($code->rows() as $y => $row) {
            preg_match_all('/1+/', $row, $runs, PREG_OFFSET_CAPTURE);
            foreach ($runs[0] as [$run, $x]) {
                $width = strlen($run);
                $path .= sprintf('M%d %dh%dv1h-%dz', $x + self::QUIET, $y + self::QUIET, $width, $width);
            }
        }
        $edge = $code->size + 2 * self::QUIET;
        return sprintf('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %1$d" shape-rendering="crispEdges">'
            . '<rect width="%1$d" height="%1$d" fill="#fff"/><path d="%2$s"/></svg>', $edge, $path);
    }

    /** @return string[] rows of 0 and 1 */
    private function rows(): array
    {
        return array_map('implode', $this->modules);
    }

    private static function versionFor(int $bytes): int
    {
        for ($version = 1; $version <= self::MAX_VERSION; ++$version) {
            [$each, $blocks] = self::BLOCKS[$version];
            if ($bytes + ($version < 10 ? 2 : 3) <= self::codewords($version) - $each * $blocks) {
                break;
            }
        }
        return $version;
    }

    /** Bytes that fit beside the patterns. */
    private static function codewords(int $version): int
    {
        $bits = (16 * $version + 128) * $version + 64;
        if ($version >= 2) {
            $centres = intdiv($version, 7) + 2;
            $bits -= (25 * $centres - 10) * $centres - 55;
        }
        return intdiv($bits - ($version >= 7 ? 36 : 0), 8);
    }

    /** @return int[] the bytes before correction */
    private function encode(string $text): array
    {
        [$each, $blocks] = self::BLOCKS[$this->version];
        $room = self::codewords($this->version) - $each * $blocks;
        $bits = '0100' . sprintf($this->version < 10 ? '%08b' : '%016b', strlen($text));
        foreach (str_split($text) as $byte) {
            $bits .= sprintf('%08b', ord($byte));
        }
        $bits .= str_repeat('0', min(4, 8 * $room - strlen($bits)));
        $bits .= str_repeat('0', (8 - strlen($bits) % 8) % 8);
        $bytes = array_map('bindec', str_split($bits, 8));
        for ($pad = 0xEC; count($bytes) < $room; $pad ^= 0xEC ^ 0x11) {
            $bytes[] = $pad;
        }
        return $bytes;
    }

    /**
     * Blocks, each with its correction, interleaved.
     *
     * @param int[] $bytes
     * @return int[]
     */
    private function withCorrection(array $bytes): array
    {
        [$each, $count] = self::BLOCKS[$this->version];
        $short = intdiv(count($bytes), $count);
        $generator = self::generator($each);
        $blocks = $corrections = [];
        for ($i = 0, $at = 0; $i < $count; ++$i, $at += $length) {
            $length = $short + ($i < $count - count($bytes) % $count ? 0 : 1);
            $blocks[] = array_slice($bytes, $at, $length);
            $corrections[] = self::remainder($blocks[$i], $generator);
        }
        return array_merge(self::interleave($blocks, $short + 1), self::interleave($corrections, $each));
    }

    /**
     * @param int[][] $blocks
     * @return int[]
     */
    private static function interleave(array $blocks, int $length): array
    {
        $bytes = [];
        for ($i = 0; $i < $length; ++$i) {
            foreach ($blocks as $block) {
                if (isset($block[$i])) {
                    $bytes[] = $block[$i];
                }
            }
        }
        return $bytes;
    }

    /** @return int[] the polynomial of Reed and Solomon, without its highest term */
    private static function generator(int $degree): array
    {
        $polynomial = array_fill(0, $degree, 0);
        $polynomial[$degree - 1] = 1;
        for ($i = 0, $root = 1; $i < $degree; ++$i, $root = self::multiply($root, 2)) {
            for ($j = 0; $j < $degree; ++$j) {
                $polynomial[$j] = self::multiply($polynomial[$j], $root) ^ ($polynomial[$j + 1] ?? 0);
            }
        }
        return $polynomial;
    }

    /**
     * @param int[] $block
     * @param int[] $generator
     * @return int[]
     */
    private static function remainder(array $block, array $generator): array
    {
        $rest = array_fill(0, count($generator), 0);
        foreach ($block as $byte) {
            $factor = $byte ^ array_shift($rest);
            $rest[] = 0;
            foreach ($generator as $i => $term) {
                $rest[$i] ^= self::multiply($term, $factor);
            }
        }
        return $rest;
    }

    /** In the field of 256 elements, modulo x^8 + x^4 + x^3 + x^2 + 1. */
    private static function multiply(int $a, int $b): int
    {
        $product = 0;
        for ($bit = 7; $bit >= 0; --$bit) {
            $product = ($product << 1) ^ (($product >> 7) * 0x11D);
            $product ^= (($b >> $bit) & 1) * $a;
        }
        return $product;
    }

    private function set(int $x, int $y, bool $isDark): void
    {
        $this->modules[$y][$x] = $isDark ? 1 : 0;
        $this->isFixed[$y][$x] = true;
    }

    private function drawPatterns(): void
    {
        for ($i = 0; $i < $this->size; ++$i) {
            $this->set(6, $i, $i % 2 === 0);
            $this->set($i, 6, $i % 2 === 0);
        }
        $far = $this->size - 4;
        foreach ([[3, 3], [$far, 3], [3, $far]] as [$x, $y]) {
            $this->drawFinder($x, $y);
        }
        $places = $this->alignments();
        $last = count($places) - 1;
        foreach ($places as $i => $x) {
            foreach ($places as $j => $y) {
                if (!($i === 0 && $j === 0) && !($i === 0 && $j === $last) && !($i === $last && $j === 0)) {
                    $this->drawAlignment($x, $y);
                }
            }
        }
        $this->drawFormat(0);
        $this->drawVersion();
    }

    private function drawFinder(int $centreX, int $centreY): void
    {
        for ($dy = -4; $dy <= 4; ++$dy) {
            for ($dx = -4; $dx <= 4; ++$dx) {
                [$x, $y, $distance] = [$centreX + $dx, $centreY + $dy, max(abs($dx), abs($dy))];
                if ($x >= 0 && $y >= 0 && $x < $this->size && $y < $this->size) {
                    $this->set($x, $y, $distance !== 2 && $distance !== 4);
                }
            }
        }
    }

    private function drawAlignment(int $centreX, int $centreY): void
    {
        for ($dy = -2; $dy <= 2; ++$dy) {
            for ($dx = -2; $dx <= 2; ++$dx) {
                $this->set($centreX + $dx, $centreY + $dy, max(abs($dx), abs($dy)) !== 1);
            }
        }
    }

    /** @return int[] */
    private function alignments(): array
    {
        if ($this->version === 1) {
            return [];
        }
        $count = intdiv($this->version, 7) + 2;
        $step = intdiv($this->version * 4 + $count * 2 + 1, $count * 2 - 2) * 2;
        $places = [];
        for ($i = 0, $place = $this->size - 7; $i < $count - 1; ++$i, $place -= $step) {
            array_unshift($places, $place);
        }
        return array_merge([6], $places);
    }

    /** Error correction M and the mask, in both places. */
    private function drawFormat(int $mask): void
    {
        $rest = $mask;
        for ($i = 0; $i < 10; ++$i) {
            $rest = ($rest << 1) ^ (($rest >> 9) * 0x537);
        }
        $bits = (($mask << 10) | $rest) ^ 0x5412;
        $size = $this->size;
        for ($i = 0; $i < 15; ++$i) {
            $isDark = (($bits >> $i) & 1) === 1;
            $x = [0 => 8, 8, 8, 8, 8, 8, 8, 8, 7, 5, 4, 3, 2, 1, 0][$i];
            $y = [0 => 0, 1, 2, 3, 4, 5, 7, 8, 8, 8, 8, 8, 8, 8, 8][$i];
            $this->set($x, $y, $isDark);
            $i < 8 ? $this->set($size - 1 - $i, 8, $isDark) : $this->set(8, $size - 15 + $i, $isDark);
        }
        $this->set(8, $size - 8, true);
    }

    private function drawVersion(): void
    {
        if ($this->version < 7) {
            return;
        }
        $rest = $this->version;
        for ($i = 0; $i < 12; ++$i) {
            $rest = ($rest << 1) ^ (($rest >> 11) * 0x1F25);
        }
        $bits = ($this->version << 12) | $rest;
        for ($i = 0; $i < 18; ++$i) {
            $isDark = (($bits >> $i) & 1) === 1;
            [$far, $near] = [$this->size - 11 + $i % 3, intdiv($i, 3)];
            $this->set($far, $near, $isDark);
            $this->set($near, $far, $isDark);
        }
    }

    /** @param int[] $bytes */
    private function drawText(array $bytes): void
    {
        $at = 0;
        for ($right = $this->size - 1; $right >= 1; $right -= 2) {
            $right = $right === 6 ? 5 : $right;
            for ($i = 0; $i < 2 * $this->size; ++$i) {
                $step = intdiv($i, 2);
                $y = (($right + 1) & 2) === 0 ? $this->size - 1 - $step : $step;
                $x = $right - $i % 2;
                if (!$this->isFixed[$y][$x] && $at < 8 * count($bytes)) {
                    $this->modules[$y][$x] = ($bytes[$at >> 3] >> (7 - ($at & 7))) & 1;
                    ++$at;
                }
            }
        }
    }

    /** Twice the same mask is none. */
    private function drawMask(int $mask): void
    {
        $this->drawFormat($mask);
        for ($y = 0; $y < $this->size; ++$y) {
            for ($x = 0; $x < $this->size; ++$x) {
                if (!$this->isFixed[$y][$x] && self::isMasked($mask, $x, $y)) {
                    $this->modules[$y][$x] ^= 1;
                }
            }
        }
    }

    private static function isMasked(int $mask, int $x, int $y): bool
    {
        switch ($mask) {
            case 0:
                return ($x + $y) % 2 === 0;
            case 1:
                return $y % 2 === 0;
            case 2:
                return $x % 3 === 0;
            case 3:
                return ($x + $y) % 3 === 0;
            case 4:
                return (intdiv($x, 3) + intdiv($y, 2)) % 2 === 0;
            case 5:
                return $x * $y % 2 + $x * $y % 3 === 0;
            case 6:
                return ($x * $y % 2 + $x * $y % 3) % 2 === 0;
            default:
                return (($x + $y) % 2 + $x * $y % 3) % 2 === 0;
        }
    }

    private function bestMask(): int
    {
        $penalties = [];
        for ($mask = 0; $mask < 8; ++$mask) {
            $this->drawMask($mask);
            $penalties[$mask] = $this->penalty();
            $this->drawMask($mask);
        }
        return (int) array_search(min($penalties), $penalties, true);
    }

    /** How hard it is to read: long runs, blocks, what looks like a finder, too much of one colour. */
    private function penalty(): int
    {
        $rows = $this->rows();
        $columns = array_map('implode', array_map(null, ...$this->modules));
        $penalty = 0;
        foreach (array_merge($rows, $columns) as $line) {
            preg_match_all('/0{5,}|1{5,}/', $line, $runs);
            foreach ($runs[0] as $run) {
                $penalty += strlen($run) - 2;
            }
            foreach (self::FALSE_FINDERS as $pattern) {
                preg_match_all('/(?=' . $pattern . ')/', $line, $found);
                $penalty += 40 * count($found[0]);
            }
        }
        for ($y = 1; $y < $this->size; ++$y) {
            for ($x = 1; $x < $this->size; ++$x) {
                $pair = $rows[$y][$x - 1] . $rows[$y][$x];
                $penalty += ($pair === '00' || $pair === '11') && substr($rows[$y - 1], $x - 1, 2) === $pair ? 3 : 0;
            }
        }
        $dark = substr_count(implode('', $rows), '1');
        return $penalty + 10 * intdiv(abs(20 * $dark - 10 * $this->size ** 2), $this->size ** 2);
    }
}
