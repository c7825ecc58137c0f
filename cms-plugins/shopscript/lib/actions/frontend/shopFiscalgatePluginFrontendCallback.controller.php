<?php

/**
 * What the gateway posts: how an operation has ended.
 */
class shopFiscalgatePluginFrontendCallbackController extends waController
{
    public function execute()
    {
        $response = wa()->getResponse();
        $response->addHeader('Content-Type', 'text/plain; charset=utf-8');
        $response->addHeader('Cache-Control', 'no-store');
        if (waRequest::method() !== 'post') {
            $response->setStatus(405);
            $response->sendHeaders();
            echo 'POST only';
            return;
        }
        try {
            $answer = $this->plugin()->getReceipts()->receive(waRequest::server(), $this->body());
            $status = $answer->getStatus();
            $body = $answer->getBody();
        } catch (Throwable $e) {
            shopFiscalgatePlugin::log('error', 'A callback could not be taken', array('error' => $e->getMessage()));
            $status = 500;
            $body = 'error';
        }
        $response->setStatus($status);
        $response->sendHeaders();
        echo $body;
    }

    /** @return shopFiscalgatePlugin */
    protected function plugin()
    {
        return wa('shop')->getPlugin('fiscalgate');
    }

    /** @return string what was posted, byte for byte */
    protected function body()
    {
        return (string) file_get_contents('php://input');
    }
}
