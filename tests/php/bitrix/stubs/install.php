<?php

// STUBS: what a module is installed with. They note what was asked for.

declare(strict_types=1);

namespace Bitrix\Main {
    final class Connection
    {
        /** @return bool */
        public function isTableExists($table)
        {
            return in_array('table ' . $table, Application::$done, true);
        }

        public function createIndex($table, $name, $columns, $lengths = null, $kind = null): void
        {
            Application::$done[] = trim($kind . ' index ' . implode(',', $columns));
        }

        public function dropTable($table): void
        {
            Application::$done[] = 'drop ' . $table;
        }
    }

    final class Application
    {
        /** @var string[] */
        public static array $done = [];

        public static function getConnection(): Connection
        {
            return new Connection();
        }

        public static function getDocumentRoot(): string
        {
            return '/site';
        }
    }

    final class EventManager
    {
        public static function getInstance(): self
        {
            return new self();
        }

        public function registerEventHandler($module, $event, $to, $class, $method): void
        {
            Application::$done[] = "on $module/$event $class::$method";
        }

        public function unRegisterEventHandler($module, $event, $to, $class, $method): void
        {
            Application::$done[] = "off $module/$event $class::$method";
        }
    }

    final class ModuleManager
    {
        public static function registerModule($module): void
        {
            Application::$done[] = 'register ' . $module;
        }

        public static function unRegisterModule($module): void
        {
            Application::$done[] = 'unregister ' . $module;
        }
    }
}

namespace {
    use Bitrix\Main\Application;

    class CModule
    {
    }

    final class CAgent
    {
        public static function AddAgent($name, $module, $period, $interval): void // phpcs:ignore
        {
            Application::$done[] = "agent $name $interval";
        }

        public static function RemoveModuleAgents($module): void // phpcs:ignore
        {
            Application::$done[] = 'no agents of ' . $module;
        }
    }

    function CopyDirFiles($from, $to, $rewrite): void // phpcs:ignore
    {
        Application::$done[] = (is_file($from) ? 'copy ' : 'MISSING ') . $to;
    }

    function DeleteDirFilesEx($path): void // phpcs:ignore
    {
        Application::$done[] = 'remove ' . $path;
    }
}
