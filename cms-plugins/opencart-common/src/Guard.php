<?php

declare(strict_types=1);

namespace Fiscalgate\Sdk\OpenCart;

/**
 * Runs the plugin inside other people's requests. Whatever goes wrong in it ends here: OpenCart 4 answers any notice with
 * a redirect to an error page, and an order in the checkout would be left without a status.
 */
final class Guard
{
    /** @var callable */
    private $log;

    /** @param callable $log (string $message) */
    public function __construct(callable $log)
    {
        $this->log = $log;
    }

    /**
     * @param callable $work
     * @return mixed what the work gives; null if it failed
     */
    public function run(callable $work)
    {
        set_error_handler(static function (int $level, string $text, string $file, int $line): bool {
            if (($level & (E_DEPRECATED | E_USER_DEPRECATED)) !== 0 || (error_reporting() & $level) === 0) {
                return true;
            }
            throw new \ErrorException($text, 0, $level, $file, $line);
        });
        try {
            return $work();
        } catch (\Throwable $e) {
            ($this->log)(sprintf('%s: %s in %s:%d', get_class($e), $e->getMessage(), basename($e->getFile()), $e->getLine()));
            return null;
        } finally {
            restore_error_handler();
        }
    }
}
