<?php

/**
 * What Joomla runs while the plugin is installed or removed.
 */

declare(strict_types=1);

\defined('_JEXEC') or die;

use Joomla\CMS\Factory;
use Joomla\CMS\Installer\InstallerAdapter;
use Joomla\CMS\Log\Log;
use Joomla\Database\DatabaseInterface;

// phpcs:ignore PSR1.Classes.ClassDeclaration.MissingNamespace, Squiz.Classes.ValidClassName.NotCamelCaps
final class plgSystemFiscalgateInstallerScript
{
    private const ROUTINE = 'fiscalgate.receipts';

    public function preflight(string $type, InstallerAdapter $adapter): bool
    {
        if ($type !== 'uninstall' && PHP_VERSION_ID < 70400) {
            Log::add('Fiscalgate needs PHP 7.4 or newer', Log::WARNING, 'jerror');
            return false;
        }
        return true;
    }

    /** The plugin is switched on, and the scheduler is told to call it every minute. */
    public function postflight(string $type, InstallerAdapter $adapter): void
    {
        $db = Factory::getContainer()->get(DatabaseInterface::class);
        if ($type === 'install') {
            $db->setQuery("UPDATE #__extensions SET enabled = 1 WHERE type = 'plugin' AND folder = 'system' "
                . "AND element = 'fiscalgate'")->execute();
        }
        if ($type === 'install' || $type === 'discover_install') {
            $this->addTask();
        }
    }

    /** What the tax office may ask for stays, unless the owner has ticked that it goes too. */
    public function uninstall(InstallerAdapter $adapter): void
    {
        $db = Factory::getContainer()->get(DatabaseInterface::class);
        try {
            $db->setQuery('DELETE FROM #__scheduler_tasks WHERE type = ' . $db->quote(self::ROUTINE))->execute();
        } catch (\RuntimeException $e) {
            Log::add($e->getMessage(), Log::WARNING, 'plg_system_fiscalgate');
        }
        $params = $db->setQuery("SELECT params FROM #__extensions WHERE type = 'plugin' AND folder = 'system' "
            . "AND element = 'fiscalgate'")->loadResult();
        $params = json_decode((string) $params, true);
        if ((int) ($params['drop_data'] ?? 0) === 1) {
            $db->setQuery('DROP TABLE IF EXISTS #__fiscalgate_operations')->execute();
        }
    }

    private function addTask(): void
    {
        try {
            $app = Factory::getApplication();
            $model = $app->bootComponent('com_scheduler')->getMVCFactory()
                ->createModel('Task', 'Administrator', ['ignore_request' => true]);
            $isSaved = $model->save([
                'title' => 'Fiscalgate', 'type' => self::ROUTINE, 'state' => 1, 'note' => '', 'priority' => 0,
                'execution_rules' => ['rule-type' => 'interval-minutes', 'interval-minutes' => 1,
                    'exec-day' => gmdate('d'), 'exec-time' => gmdate('H:i')],
                'cron_rules' => ['type' => 'interval', 'exp' => 'PT1M'],
                'params' => ['individual_log' => false, 'log_file' => '', 'notifications' => ['success_mail' => 0,
                    'failure_mail' => 0, 'fatal_failure_mail' => 0, 'orphan_mail' => 0]],
            ]);
            if (!$isSaved) {
                throw new \RuntimeException((string) $model->getError());
            }
        } catch (\Throwable $e) {
            Log::add('Fiscalgate: the scheduled task was not made: ' . $e->getMessage(), Log::WARNING, 'jerror');
        }
    }
}
