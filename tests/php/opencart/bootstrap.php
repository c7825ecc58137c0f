<?php

declare(strict_types=1);

require __DIR__ . '/../../../cms-plugins/php-sdk/autoload.php';

spl_autoload_register(static function (string $class): void {
    $rooms = ['Fiscalgate\\Sdk\\OpenCart\\' => '/../../../cms-plugins/opencart-common/src/',
        'Fiscalgate\\OpenCartTests\\Fakes\\' => '/fakes/'];
    foreach ($rooms as $prefix => $folder) {
        $file = __DIR__ . $folder . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
        if (strncmp($class, $prefix, strlen($prefix)) === 0 && is_file($file)) {
            require $file;
        }
    }
});

error_reporting(E_ALL);
