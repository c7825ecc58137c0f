<?php

declare(strict_types=1);

namespace Fiscalgate\Cashbox;

/**
 * Runs every minute (CAgent), by cron where the site has it, else on hits.
 */
final class Agent
{
    public const NAME = '\Fiscalgate\Cashbox\Agent::run();';
    /** Posts and questions in one run; each takes 15 seconds at most. */
    private const LIMIT = 10;

    /** @return string its own name: an agent that gives none never runs again */
    public static function run(?Services $services = null): string
    {
        try {
            ($services ?? new Services())->worker()->run(self::LIMIT);
        } catch (\Throwable $e) {
            Services::logger()('error', 'Receipts were not carried on', ['error' => $e->getMessage()]);
        }
        return self::NAME;
    }
}
