<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * One fault or warning of a receipt: where, a stable code, a text for people.
 */
final class Fault
{
    private string $path;
    private string $code;
    private string $message;

    public function __construct(string $path, string $code, string $message)
    {
        $this->path = $path;
        $this->code = $code;
        $this->message = $message;
    }

    /**
     * @param mixed $entries what stands under `errors` or `warnings`
     * @return self[]
     */
    public static function listFrom($entries): array
    {
        $faults = [];
        foreach (is_array($entries) ? $entries : [] as $entry) {
            if (is_array($entry)) {
                $map = new Map($entry);
                $faults[] = new self($map->text('path'), $map->text('code'), $map->text('message'));
            }
        }
        return $faults;
    }

    public function getPath(): string
    {
        return $this->path;
    }

    public function getCode(): string
    {
        return $this->code;
    }

    public function getMessage(): string
    {
        return $this->message;
    }

    public function __toString(): string
    {
        return ($this->path === '' ? '' : $this->path . ': ') . $this->message . ' (' . $this->code . ')';
    }
}
