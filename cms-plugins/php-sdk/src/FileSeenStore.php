<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk;

/**
 * For shops without a database at hand: a small file for each operation, in a folder that the web server does not serve.
 */
final class FileSeenStore implements SeenStore
{
    private const KEPT = 50;

    private string $folder;

    public function __construct(string $folder)
    {
        $this->folder = $folder;
    }

    public function isSeen(string $operation, string $webhookId): bool
    {
        return in_array($webhookId, $this->load($operation)['ids'], true);
    }

    public function lastSeq(string $operation): int
    {
        return $this->load($operation)['seq'];
    }

    public function remember(string $operation, string $webhookId, int $seq): void
    {
        $known = $this->load($operation);
        $ids = array_slice(array_unique(array_merge($known['ids'], [$webhookId])), -self::KEPT);
        $text = json_encode(['seq' => max($seq, $known['seq']), 'ids' => array_values($ids)], JSON_THROW_ON_ERROR);
        if (file_put_contents($this->path($operation), $text, LOCK_EX) !== strlen($text)) {
            throw new \RuntimeException('cannot write to ' . $this->folder);
        }
    }

    /** @return array{seq: int, ids: string[]} */
    private function load(string $operation): array
    {
        $path = $this->path($operation);
        $map = new Map(is_file($path) ? Json::decode((string) file_get_contents($path)) ?? [] : []);
        return ['seq' => $map->int('seq'), 'ids' => array_filter($map->list('ids'), 'is_string')];
    }

    private function path(string $operation): string
    {
        return $this->folder . '/seen-' . hash('sha256', $operation) . '.json';
    }
}
