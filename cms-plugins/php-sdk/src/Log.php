<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * The shop's log: a callable (string $level, string $message, array $context). Secrets and contacts are masked in
 * whatever passes. Levels are those of PSR-3: `info`, `warning`, `error`.
 */
final class Log
{
    private const MASK = '***';

    /** @var callable|null */
    private $write;
    /** @var string[] */
    private array $secrets;

    /** @param string ...$secrets what must never be written */
    public function __construct(?callable $write, string ...$secrets)
    {
        $this->write = $write;
        $this->secrets = array_filter($secrets, static function (string $secret): bool {
            return strlen($secret) >= 4;
        });
        usort($this->secrets, static function (string $a, string $b): int {
            return strlen($b) - strlen($a);
        });
    }

    /** @param array<string, scalar|null> $context */
    public function write(string $level, string $message, array $context = []): void
    {
        if ($this->write === null) {
            return;
        }
        foreach ($context as $key => $value) {
            $context[$key] = is_string($value) ? $this->mask($value) : $value;
        }
        ($this->write)($level, $this->mask($message), $context);
    }

    public function mask(string $text): string
    {
        $text = str_replace($this->secrets, self::MASK, $text);
        $text = (string) preg_replace('/([^\s@<>"\'=:,;])[^\s@<>"\'=:,;]*@([^\s@<>"\',;])[^\s@<>"\',;]*/', '$1***@$2***', $text);
        return (string) preg_replace('/\+\d{5,}(\d{2})\b/', '+***$1', $text);
    }
}
