<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\OpenCart;

/**
 * Work for when the buyer has his page. Where PHP cannot let go of the connection first (mod_php, a console), nothing is
 * done: the cron does it.
 */
final class AfterResponse
{
    private const RELEASES = ['fastcgi_finish_request', 'litespeed_finish_request'];

    private function __construct()
    {
    }

    /** @return bool whether it will be done in this process */
    public static function run(callable $work): bool
    {
        foreach (self::RELEASES as $release) {
            if (function_exists($release)) {
                register_shutdown_function(static function () use ($release, $work): void {
                    $release();
                    $work();
                });
                return true;
            }
        }
        return false;
    }
}
